using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>AWS Batch: a job definition for shards and one for the merge, an array job for each stage.</summary>
internal sealed class AwsBatch : Engine
{
    /// <inheritdoc/>
    public override string Name => "aws-batch";

    /// <inheritdoc/>
    public override bool NeedsContainer => true;

    /// <summary>That of an array job.</summary>
    public override int MostShards => 10_000;

    /// <inheritdoc/>
    public override string Next(EngineWork work) => $"bash {Path.Combine(work.Folder, Name, "submit.sh")} QUEUE";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Text)> Files(EngineWork work) =>
    [
        ("submit.sh", Submit(work)),
        .. work.Stages.Select(stage => ($"{stage.Name}.json", Definition(work, stage.Name, isMerge: false))),
        ("merge.json", Definition(work, "merge", isMerge: true)),
    ];

    private static string Submit(EngineWork work) => $$"""
        #!/bin/bash
        # Hands the plan to AWS Batch: an array job for each stage, each after the one before, then the merge.
        # bash submit.sh QUEUE: the name of a job queue. What else is given is passed on to aws: submit.sh QUEUE --region eu-west-1
        set -euo pipefail
        here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
        queue=${1:?usage: bash submit.sh QUEUE}
        shift
        options=("$@")
        after=

        # submit STAGE SHARDS: an array has two jobs at least; one shard is a job of its own.
        submit() {
            local definition array=()
            definition=$(aws "${options[@]}" batch register-job-definition --cli-input-json "file://$here/$1.json" \
                --query jobDefinitionArn --output text)
            [ "$2" -lt 2 ] || array=(--array-properties "size=$2")
            after=$(aws "${options[@]}" batch submit-job --job-name "{{work.Name}}-$1" --job-queue "$queue" \
                --job-definition "$definition" "${array[@]}" ${after:+--depends-on "jobId=$after"} --query jobId --output text)
            echo "$1: job $after"
        }

        {{string.Join('\n', work.Stages.Select(stage => $"submit {stage.Name} {stage.Shards}"))}}
        submit merge 1

        """;

    private static string Definition(EngineWork work, string stage, bool isMerge)
    {
        string[] command = isMerge
            ? ["merge", work.Folder]
            : ["shard", work.Folder, "--stage", stage, "--threads", $"{work.Processors}"];

        // Outside of an array no index is set.
        if (!isMerge && work.Stages.Single(one => one.Name == stage).Shards == 1)
            command = [.. command, "--index", "0"];
        var definition = new JsonObject
        {
            ["jobDefinitionName"] = $"{work.Name}-{stage}",
            ["type"] = "container",
            ["containerProperties"] = new JsonObject
            {
                ["image"] = work.Image,
                ["command"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
                ["resourceRequirements"] = new JsonArray(Requirement("VCPU", work.Processors), Requirement("MEMORY", work.Memory)),
                ["mountPoints"] = new JsonArray(new JsonObject { ["sourceVolume"] = "plan", ["containerPath"] = work.MountPath }),
                ["volumes"] = new JsonArray(new JsonObject
                {
                    ["name"] = "plan",
                    ["efsVolumeConfiguration"] = new JsonObject
                    {
                        ["fileSystemId"] = work.Volume,
                        ["transitEncryption"] = "ENABLED",
                    },
                }),
            },
            ["retryStrategy"] = new JsonObject
            {
                ["attempts"] = Retries + 1,

                // The first that fits decides.
                ["evaluateOnExit"] = new JsonArray(
                [
                    .. Final.Select(code => new JsonObject { ["onExitCode"] = $"{code}", ["action"] = "EXIT" }),
                    new JsonObject { ["onReason"] = "*", ["action"] = "RETRY" },
                ]),
            },
            ["timeout"] = new JsonObject { ["attemptDurationSeconds"] = work.Minutes * 60 },
        };
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
            definition.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static JsonObject Requirement(string type, long value) => new() { ["type"] = type, ["value"] = $"{value}" };
}
