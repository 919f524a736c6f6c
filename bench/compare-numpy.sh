#!/usr/bin/env bash
# Runs the NumPy baseline and CertiFlip on the same arrays in turn, checks that predictions and radii agree, and prints the ratio.
#
#   bench/compare-numpy.sh [RUNS]
#
# Needs python3 with numpy and scipy. NUMPY_BASELINE names the baseline script, PYTHON the interpreter, THREADS the threads of both.
# Seconds are those of the computation, arrays in memory to radii in memory, each run in a fresh process.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-5}
baseline=${NUMPY_BASELINE:-../shared/bench/numpy_baseline.py}
python=${PYTHON:-python3}
threads=${THREADS:-$(nproc)}
[ -f "$baseline" ] || { echo "compare-numpy.sh: $baseline is not there; name it in NUMPY_BASELINE." >&2; exit 1; }
"$python" -c 'import numpy, scipy' 2>/dev/null || { echo "compare-numpy.sh: $python has no numpy and scipy; name another in PYTHON." >&2; exit 1; }

# OpenBLAS in a virtual machine may take the processor for an older one, and is then much slower.
if [ -z "${OPENBLAS_CORETYPE:-}" ] && grep -qw avx512f /proc/cpuinfo; then export OPENBLAS_CORETYPE=SkylakeX; fi
export OPENBLAS_NUM_THREADS=$threads

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build -c Release --nologo -v quiet bench/CertiFlip.Benchmarks >&2

"$python" - "$folder" <<'PY'
import sys, numpy as np
n, k, m, rng = 13007, 51, 2163, np.random.default_rng(1)
def cloud(rows):
    y = rng.integers(0, 2, rows)
    x = rng.normal(size=(rows, k)) * np.linspace(2, .2, k)
    x[:, :4] += y[:, None]
    x[:, -1] = 1
    return x, y
X, y = cloud(n)
Xt, _ = cloud(m)
for name, array in (("X", X), ("y", y), ("Xt", Xt)):
    np.save(f"{sys.argv[1]}/{name}.npy", array)
PY

arguments=("$folder/X.npy" "$folder/y.npy" "$folder/Xt.npy" 0.1 100)
for ((run = 0; run < runs; run++)); do
    "$python" "$baseline" "${arguments[@]}" "$folder/numpy.csv" | tee -a "$folder/numpy.log"
    dotnet bench/CertiFlip.Benchmarks/bin/Release/net10.0/CertiFlip.Benchmarks.dll numpy-twin "${arguments[@]}" "$folder/certiflip.csv" "$threads" \
        | sed 's/^/CertiFlip: /' | tee -a "$folder/certiflip.log"
done

"$python" - "$folder" "$threads" <<'PY'
import csv, re, statistics, sys
folder, threads = sys.argv[1:]
rows = [list(csv.DictReader(open(f"{folder}/{name}.csv"))) for name in ("numpy", "certiflip")]
columns = ("prediction", "radius_kl", "radius_tight")
differ = sum(any(a[c] != b[c] for c in columns) for a, b in zip(*rows))
over = sum(int(b[c]) > int(a[c]) for a, b in zip(*rows) for c in columns[1:])
seconds = [[float(s) for s in re.findall(r"total ([0-9.]+)", open(f"{folder}/{name}.log").read())] for name in ("numpy", "certiflip")]
ratios = [a / b for a, b in zip(*seconds)]
print(f"n 13007, k 51, m 2163, q 0.1, kl and tight, {threads} threads, {len(ratios)} runs")
print(f"NumPy     median {statistics.median(seconds[0]):.3f} s")
print(f"CertiFlip median {statistics.median(seconds[1]):.3f} s")
print(f"ratio     median {statistics.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}")
print(f"rows that differ: {differ} of {len(rows[0])}; radii above NumPy's: {over}")
sys.exit(len(rows[0]) != len(rows[1]) or differ > len(rows[0]) // 1000)
PY
