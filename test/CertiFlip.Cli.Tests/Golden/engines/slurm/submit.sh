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

stage sums 3
stage rows 250
echo "merge: job $(submit merge.sbatch)"
