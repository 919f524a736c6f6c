#!/usr/bin/env python3
"""Measures Python through the C library beside the command, on the same arrays: from arrays in memory to radii in memory, both.

    bench/python.py [--runs N] [--threads N]

Needs a Python with NumPy, dotnet, and the library: src/CertiFlip.Native/publish. The command's time is that of bench/bars.py: its library
compiled ahead of time, in a fresh process. Each side runs in a fresh process, in turns; medians, and the median of the ratios.
"""
import argparse, csv, os, re, statistics, subprocess, sys, tempfile
from pathlib import Path

from timing import ROOT, write_arrays

SHAPE = 13007, 51, 2163

OURS = """
import sys, time
import numpy as np
sys.path.insert(0, sys.argv[1] + "/python")
import certiflip
from certiflip import CertifiedRidgeClassifier
X, y, Xt = (np.load(f"{sys.argv[2]}/{name}.npy") for name in ("X", "y", "Xt"))
times = []
for _ in range(6):
    start = time.perf_counter()
    classifier = CertifiedRidgeClassifier(100.0, fit_intercept=False, noise=0.1, n_jobs=int(sys.argv[3]), classes=[0, 1]).fit(X, y)
    certificates = classifier.certify(Xt, "kl,tight")
    times.append(time.perf_counter() - start)
assert classifier._info().features == X.ctypes.data and certificates._address == Xt.ctypes.data, "an array was copied"
print(times[0], sorted(times[1:])[2])
with open(sys.argv[2] + "/python.csv", "w") as file:
    print("prediction,radius_kl,radius_tight", file=file)
    for row in zip(certificates["kl"].predictions, certificates["kl"].radii, certificates["tight"].radii):
        print(*row, sep=",", file=file)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ahead", type=Path, help="the benchmarks, published ahead of time; published here if not given")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_arrays(folder, *SHAPE)
        ahead = arguments.ahead or folder / "ahead"
        if arguments.ahead is None:
            run(["dotnet", "publish", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true",
                 "--nologo", "-v", "quiet", "bench/CertiFlip.Benchmarks", "-o", ahead])
        wide = "avx512vl" in Path("/proc/cpuinfo").read_text()
        library = ROOT / "artifacts/native" / ("glibc-hwcaps/x86-64-v4" if wide else "") / "libcertiflip.so"
        command, command_again, python, python_again = [], [], [], []
        for _ in range(arguments.runs):
            text = run(["dotnet", ahead / "CertiFlip.Benchmarks.dll", "numpy-twin", folder / "X.npy", folder / "y.npy", folder / "Xt.npy",
                        "0.1", "100", folder / "command.csv", arguments.threads, "kl,tight", "again"])
            command.append(float(re.search(r"total ([0-9.]+)", text)[1]))
            command_again.append(float(re.search(r"again ([0-9.]+)", text)[1]))
            first, again = run([sys.executable, "-c", OURS, ROOT, folder, arguments.threads], {"CERTIFLIP_LIBRARY": str(library)}).split()
            python.append(float(first))
            python_again.append(float(again))
        theirs, ours = (list(csv.DictReader(open(folder / f"{side}.csv"))) for side in ("command", "python"))
        differ = sum(any(a[column] != b[column] for column in b) for a, b in zip(theirs, ours))
    print(f"n = {SHAPE[0]:,}, k = {SHAPE[1]}, m = {SHAPE[2]:,}, kl and tight, {arguments.threads} threads, {arguments.runs} runs each")
    for what, a, b in (("first call of a process", python, command), ("later calls", python_again, command_again)):
        ratios = [one / other for one, other in zip(a, b)]
        print(f"  {what}: Python {statistics.median(a):.3f} s, the command {statistics.median(b):.3f} s; "
              f"{statistics.median(ratios):.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f}); bar 1.05")
    print(f"  arrays copied: none; rows that differ: {differ} of {len(ours)}")


def run(command, more=None):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                          env={**os.environ, **(more or {})}).stdout


if __name__ == "__main__":
    main()
