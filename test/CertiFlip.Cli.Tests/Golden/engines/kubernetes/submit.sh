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
        ended=$(kubectl "${options[@]}" get job "certiflip-0123456789ab-$1" \
            --output='jsonpath={range .status.conditions[?(@.status=="True")]}{.type} {end}')
        case " $ended " in
            *" Complete "*) return 0 ;;
            *" Failed "*) echo "Job certiflip-0123456789ab-$1 failed: kubectl logs job/certiflip-0123456789ab-$1" >&2; return 1 ;;
        esac
        sleep "${CERTIFLIP_POLL:-10}"
    done
}

run sums
run rows
run merge
