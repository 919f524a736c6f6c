#!/usr/bin/env python3
"""Labels that are numbers: certiflip certify --task regression beside the definition in plain NumPy (docs/regression.md).

    bench/regression.py [ROWSxFEATURESxTESTS ...]

Without shapes, the two of the page: about a minute on two cores. Needs python3 with numpy, and the .NET SDK.
"""
import csv, os, subprocess, sys, tempfile, time
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOLERANCE, LOW, HIGH = 0.5, 0, 10


def data(rows, features, tests):
    random = np.random.default_rng(1)
    x, plane = random.normal(size=(rows, features)), random.normal(size=features)
    y = np.clip(5 + x @ plane + random.normal(size=rows), LOW, HIGH)
    t = random.normal(size=(tests, features))
    return x, y, t, np.clip(5 + t @ plane + random.normal(size=tests), LOW, HIGH)


def radii(x, y, t):
    """For each test row the weights of ridge, the moves of all labels, sorted and added up to the first sum beyond."""
    mean = x.mean(0)
    centred = x - mean
    gram = centred.T @ centred
    solved = np.linalg.inv(gram + np.trace(gram) / x.shape[1] * np.eye(x.shape[1])) @ centred.T
    found = []
    for row in t:
        a = (row - mean) @ solved + 1 / len(y)
        up = np.where(a >= 0, a * (HIGH - y), -a * (y - LOW))
        down = np.where(a >= 0, a * (y - LOW), -a * (HIGH - y))
        found.append(min(np.searchsorted(np.cumsum(np.sort(m)[::-1]), TOLERANCE, side="right") for m in (up, down)))
    return found


def main(shapes):
    project = os.path.join(ROOT, "src", "CertiFlip.Cli")
    subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", "--nologo", project], check=True, stdout=subprocess.DEVNULL)
    command = ["dotnet", os.path.join(project, "bin", "Release", "net10.0", "CertiFlip.Cli.dll"), "certify", "--task", "regression"]
    for shape in shapes:
        x, y, t, truth = data(*map(int, shape.split("x")))
        start = time.perf_counter()
        expected = radii(x, y, t)
        plain = time.perf_counter() - start
        with tempfile.TemporaryDirectory() as folder:
            train, test, out = (os.path.join(folder, name) for name in ("train.npz", "test.npz", "out.csv"))
            np.savez(train, X=x, y=y)
            np.savez(test, X=t, y=truth)
            start = time.perf_counter()
            subprocess.run(
                [*command, "--train", train, "--test", test, "--label-range", f"{LOW},{HIGH}", "--tolerance", str(TOLERANCE), "--out", out,
                 "--quiet"], check=True)
            ours = time.perf_counter() - start
            equal = sum(str(radius) == row["radius"] for radius, row in zip(expected, csv.DictReader(open(out))))
        print(f"{shape}: NumPy {plain:.1f} s, certify {ours:.1f} s, equal radii {equal} of {len(t)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or ["13007x50x2000", "100000x20x500"])
