namespace CertiFlip.Cli.Commands.Plan;

/// <summary>Slurm: an array of shards for each stage, the merge after them.</summary>
internal sealed class Slurm : Engine
{
    /// <inheritdoc/>
    public override string Name => "slurm";

    /// <inheritdoc/>
    public override bool NeedsContainer => false;

    /// <summary>As many as there may be: the script makes several arrays where one cannot hold them.</summary>
    public override int MostShards => int.MaxValue;

    /// <inheritdoc/>
    public override string Next(EngineWork work) =>
        $"bash {Path.Combine(work.Folder, Name, "submit.sh")} (options for sbatch, such as --partition, are passed on)";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Text)> Files(EngineWork work) =>
    [
        ("submit.sh", Submit(work)), ("shards.sbatch", Batch(work, "shard", "%x-%A_%a.out", isArray: true)),
        ("merge.sbatch", Batch(work, "merge", "%x-%j.out", isArray: false)),
    ];

    private static string Submit(EngineWork work) => $$"""
        #!/bin/bash
        # Hands the plan to Slurm: an array of shards for each stage, and the merge after the last.
        # What is given is passed on to sbatch: bash submit.sh --partition=long --account=lab
        set -euo pipefail
        here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
        CERTIFLIP_JOB=$(dirname "$here")
        export CERTIFLIP_JOB CERTIFLIP_STAGE CERTIFLIP_FIRST
        options=("$@")
        most=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 }')
        most=${most:-1001}
        after=

        # submit FILE OPTION...: prints the number of the job.
        submit() {
            local file=$1
            shift
            local id
            id=$(sbatch --parsable --chdir="$here" ${after:+--dependency="afterok:$after" --kill-on-invalid-dep=yes} \
                "${options[@]}" "$@" "$here/$file")
            echo "${id%%;*}"
        }

        # stage NAME SHARDS: arrays of at most MaxArraySize shards.
        stage() {
            local count id ids=
            CERTIFLIP_STAGE=$1
            for ((CERTIFLIP_FIRST = 0; CERTIFLIP_FIRST < $2; CERTIFLIP_FIRST += most)); do
                count=$(($2 - CERTIFLIP_FIRST < most ? $2 - CERTIFLIP_FIRST : most))
                id=$(submit shards.sbatch --array="0-$((count - 1))")
                echo "stage $1: $count shards, job $id"
                ids+=${ids:+:}$id
            done
            after=$ids
        }

        {{string.Join('\n', work.Stages.Select(stage => $"stage {stage.Name} {stage.Shards}"))}}
        echo "merge: job $(submit merge.sbatch)"

        """;

    private static string Batch(EngineWork work, string verb, string output, bool isArray)
    {
        string command = isArray
            ? "shard \"$CERTIFLIP_JOB\" --stage \"$CERTIFLIP_STAGE\" --index $((SLURM_ARRAY_TASK_ID + CERTIFLIP_FIRST)) "
                + "--threads \"${SLURM_CPUS_PER_TASK:-1}\""
            : "merge \"$CERTIFLIP_JOB\"";
        string job = isArray ? "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" : "$SLURM_JOB_ID";
        return $$"""
            #!/bin/bash
            #SBATCH --job-name={{work.Name}}-{{verb}}
            #SBATCH --output={{output}}
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task={{work.Processors}}
            #SBATCH --mem={{work.Memory}}M
            #SBATCH --time={{work.Minutes}}
            #SBATCH --requeue
            # Begun by submit.sh, which says where the plan is. A node that is lost has its work begun again elsewhere.
            "${CERTIFLIP:-certiflip}" {{command}}
            status=$?
            # 0 is done. What ends with another of these codes would end so again.
            case $status in
                0 | {{string.Join(" | ", Final)}}) exit $status ;;
            esac
            if [ "${SLURM_RESTART_COUNT:-0}" -lt {{Retries}} ]; then
                echo "exit code $status: begun again"
                scontrol requeue "{{job}}" && sleep 60
            fi
            exit $status

            """;
    }
}
