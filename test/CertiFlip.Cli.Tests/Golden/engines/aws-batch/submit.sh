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
    after=$(aws "${options[@]}" batch submit-job --job-name "certiflip-0123456789ab-$1" --job-queue "$queue" \
        --job-definition "$definition" "${array[@]}" ${after:+--depends-on "jobId=$after"} --query jobId --output text)
    echo "$1: job $after"
}

submit sums 3
submit rows 250
submit merge 1
