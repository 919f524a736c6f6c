using System.Text.Encodings.Web;
using System.Text.Json;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>Kubernetes: an Indexed Job for each stage (version 1.29 and later), and a Job for the merge.</summary>
internal sealed class Kubernetes : Engine
{
    /// <inheritdoc/>
    public override string Name => "kubernetes";

    /// <inheritdoc/>
    public override bool NeedsContainer => true;

    /// <summary>That of an Indexed Job.</summary>
    public override int MostShards => 100_000;

    /// <inheritdoc/>
    public override string Next(EngineWork work) =>
        $"bash {Path.Combine(work.Folder, Name, "submit.sh")} (options for kubectl, such as --namespace, are passed on)";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Text)> Files(EngineWork work) =>
    [
        ("submit.sh", Submit(work)),
        .. work.Stages.Select(stage => ($"{stage.Name}.yaml", Job(work, stage.Name, stage.Shards))),
        ("merge.yaml", Job(work, "merge", null)),
    ];

    private static string Submit(EngineWork work) => $$"""
        #!/bin/bash
        # Hands the plan to Kubernetes: a Job for each stage, each after the end of the one before, then the merge.
        # What is given is passed on to kubectl: bash submit.sh --namespace=nightly
        set -euo pipefail
        here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
        options=("$@")

        # run STAGE: waits for the end of its Job.
        run() {
            local ended
            kubectl "${options[@]}" apply --filename="$here/$1.yaml"
            while true; do
                ended=$(kubectl "${options[@]}" get job "{{work.Name}}-$1" \
                    --output='jsonpath={range .status.conditions[?(@.status=="True")]}{.type} {end}')
                case " $ended " in
                    *" Complete "*) return 0 ;;
                    *" Failed "*) echo "Job {{work.Name}}-$1 failed: kubectl logs job/{{work.Name}}-$1" >&2; return 1 ;;
                esac
                sleep "${CERTIFLIP_POLL:-10}"
            done
        }

        {{string.Join('\n', work.Stages.Select(stage => $"run {stage.Name}"))}}
        run merge

        """;

    /// <summary>A Job: the shards of a stage, or the merge where there is no number of shards.</summary>
    private static string Job(EngineWork work, string stage, int? shards)
    {
        // A failure of the data fails the Job at once; a pod that was evicted or whose node went away does not count.
        string indexed = shards is { } count
            ? $"""

                completionMode: Indexed
                completions: {count}
                parallelism: {count}
                backoffLimitPerIndex: {Retries}
              """
            : $"""

                backoffLimit: {Retries}
              """;
        string[] arguments = shards is null
            ? ["merge", work.Folder]
            : ["shard", work.Folder, "--stage", stage, "--threads", $"{work.Processors}"];
        string quoted = string.Join(", ", arguments.Select(argument => Quoted(argument.Replace("$(", "$$(", StringComparison.Ordinal))));
        return $$"""
            # Made by certiflip plan --for kubernetes.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{work.Name}}-{{stage}}
              labels:
                app.kubernetes.io/name: certiflip
                app.kubernetes.io/instance: {{work.Name}}
            spec:{{indexed}}
              podFailurePolicy:
                rules:
                  # The fault of the data or of the options: no other try would change that.
                  - action: FailJob
                    onExitCodes:
                      containerName: certiflip
                      operator: In
                      values: [{{string.Join(", ", Final)}}]
                  # A pod that was moved off its node is begun again and does not count.
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: certiflip
                    app.kubernetes.io/instance: {{work.Name}}
                spec:
                  restartPolicy: Never
                  activeDeadlineSeconds: {{work.Minutes * 60}}
                  automountServiceAccountToken: false
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: 1654
                    fsGroup: 1654
                    seccompProfile:
                      type: RuntimeDefault
                  containers:
                    - name: certiflip
                      image: {{Quoted(work.Image)}}
                      args: [{{quoted}}]
                      securityContext:
                        allowPrivilegeEscalation: false
                        capabilities:
                          drop: [ALL]
                      resources:
                        requests:
                          cpu: "{{work.Processors}}"
                          memory: {{work.Memory}}Mi
                        limits:
                          memory: {{work.Memory}}Mi
                      volumeMounts:
                        - name: plan
                          mountPath: {{Quoted(work.MountPath)}}
                  volumes:
                    - name: plan
                      persistentVolumeClaim:
                        claimName: {{Quoted(work.Volume)}}

            """;
    }

    /// <summary>A text as JSON, which YAML reads too.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.Default)}\"";
}
