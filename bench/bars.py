#!/usr/bin/env python3
"""Measures what docs/performance.md promises, each bar beside its rival in the same run, on the same arrays, with a check that answers
agree.

    bench/bars.py [NAME...] [--runs N] [--threads N] [--save]

Without names, all bars: about ten minutes on two cores. Needs python3 with numpy, scipy and scikit-learn, and the .NET SDK with a C
compiler for the native command. NUMPY_BASELINE names the script that the first bar runs against. Times are medians over runs, from arrays
in memory to radii in memory, each run in a fresh process unless it says otherwise; "whole process" is from the shell to files written.
--save adds what was measured to bench/results, to the page of this processor. bench/releases.py compares two versions of the command.
"""
import argparse, contextlib, csv, datetime, io, os, re, sys, tempfile, time
from functools import cache
from pathlib import Path
from timing import ROOT, median, processor, processor_seconds, publish_native, run, seconds, spread, write_arrays

TWIN = ROOT / "bench/CertiFlip.Benchmarks/bin/Release/net10.0/CertiFlip.Benchmarks.dll"
BASELINE = os.environ.get("NUMPY_BASELINE", ROOT / "../shared/bench/numpy_baseline.py")


@cache
def native():
    """The command, compiled ahead of time."""
    folder = tempfile.TemporaryDirectory()
    native.folder = folder  # Kept until the end.
    return publish_native(folder.name) or sys.exit("the native command cannot be published: see docs/native.md")


def certify(folder, threads, certificates, twin=TWIN, output="certiflip.csv"):
    """Seconds of one run in a fresh process."""
    return measure(folder, threads, certificates, r"total ([0-9.]+) s", twin=twin, output=output)[0]


def certify_again(folder, threads):
    """Seconds of one run, the median of several, in a process that has done it before; and megabytes beyond the inputs."""
    return measure(folder, threads, "kl,tight", r"again ([0-9.]+) s", r", (-?[0-9]+) MB", more=["again"])


def measure(folder, threads, certificates, *patterns, twin=TWIN, output="certiflip.csv", more=()):
    arguments = [folder / "X.npy", folder / "y.npy", folder / "Xt.npy", "0.1", "100", folder / output, threads, certificates, *more]
    text = run(["dotnet", twin, "numpy-twin", *arguments])
    return [float(re.search(pattern, text)[1]) for pattern in patterns]


def command(folder, threads, certificates, output="command.csv", rows=None):
    """The same as a user's command line for the native command."""
    noise = [] if certificates == "exact" else ["--noise", "0.1"]
    return [native(), "certify", "--train", folder / "X.npy", "--train-labels", folder / "y.npy", "--test", folder / "Xt.npy",
            "--ridge", "fixed:100", "--no-intercept", "--certificates", certificates, *noise,
            *(["--test-rows", rows] if rows else []), "--threads", threads, "--out", folder / output, "--quiet"]


def differing(mine, theirs, columns):
    """How many rows of two files differ, and how many there are."""
    rows = [list(csv.DictReader(open(file))) for file in (mine, theirs)]
    if len(rows[0]) != len(rows[1]):
        return len(rows[1]), len(rows[1])
    return sum(any(a[c] != b[c] for c in columns) for a, b in zip(*rows)), len(rows[1])


def bar_numpy(folder, runs, threads):
    """kl and tight against vectorised NumPy: arrays to arrays, and the whole process of the native command."""
    write_arrays(folder, 13007, 51, 2163)
    arguments = [folder / name for name in ("X.npy", "y.npy", "Xt.npy")] + ["0.1", "100", folder / "numpy.csv"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
    rival, just_in_time, whole, again = [], [], [], []
    for _ in range(runs):
        rival.append(float(re.search(r"total ([0-9.]+)", run([sys.executable, BASELINE, *arguments], env=environment))[1]))
        just_in_time.append(certify(folder, threads, "kl,tight"))
        whole.append(seconds(command(folder, threads, "kl,tight")))
        again.append(certify_again(folder, threads)[0])
    print(f"  NumPy, arrays to arrays: {median(rival):.3f} s")
    for kind, times, bar in (("native command, whole process", whole, 40), ("later runs of a process", again, 25),
                             ("first run of a process, compiled just in time", just_in_time, 25)):
        print(f"  {kind}: {median(times):.3f} s, {spread([a / b for a, b in zip(rival, times)])} times as fast; bar {bar}")
    agree = True
    for name in ("certiflip", "command"):
        differ, rows = differing(folder / f"{name}.csv", folder / "numpy.csv", ("prediction", "radius_kl", "radius_tight"))
        print(f"  rows of {name}.csv that differ: {differ} of {rows}")
        agree &= differ <= rows // 1000
    return agree


def bar_structured(folder, runs, threads):
    """structured and exact against kl and tight."""
    write_arrays(folder, 13007, 51, 2163)
    simple, strong, work = [], [], []
    for _ in range(runs):
        simple.append(certify(folder, threads, "kl,tight", output="simple.csv"))
        strong.append(certify(folder, threads, "structured,exact", output="strong.csv"))
        work.append(processor_seconds(command(folder, threads, "structured,exact"))
                    / processor_seconds(command(folder, threads, "kl,tight")))
    rows = zip(csv.DictReader(open(folder / "simple.csv")), csv.DictReader(open(folder / "strong.csv")))
    print(f"  kl, tight {median(simple):.3f} s; structured, exact {median(strong):.3f} s")
    print(f"  times as long: {spread([b / a for a, b in zip(simple, strong)])}; bar 1.3")
    print(f"  processor time of the native command, whole process: {spread(work)}; bar 1.3")
    return all(int(a["radius_kl"]) <= int(a["radius_tight"]) <= int(b["radius_structured"]) for a, b in rows)


def bar_roofline(folder, runs, threads):
    """A large product and three exponentials a weight, at their best speeds."""
    n, k, m = 60000, 128, 1024
    write_arrays(folder, n, k, m)
    blas = ("import numpy as np, time\na, b = np.random.rand(2000, 2000), np.random.rand(2000, 2000)\nbest = 9.0\n"
            "for _ in range(8):\n    t = time.perf_counter(); a @ b; best = min(best, time.perf_counter() - t)\nprint(16e9 / best)")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
    ratios, whole, work, roofs, speeds, exponentials = [], [], [], [], [], []
    for _ in range(runs):
        speeds.append(float(run([sys.executable, "-c", blas], env=environment)))
        exponentials.append(float(run(["dotnet", TWIN, "exponential", threads]).split()[0]))
        roofs.append(2.0 * n * k * m / speeds[-1] + 3.0 * n * m * exponentials[-1] * 1e-9)
        whole.append(certify(folder, threads, "kl,tight"))
        ratios.append(whole[-1] / roofs[-1])
        work.append(processor_seconds(command(folder, threads, "kl,tight"))
                    - processor_seconds(command(folder, threads, "kl,tight", rows=4)))
    print(f"  OpenBLAS {median(speeds) / 1e9:.0f} GFLOP/s, TensorPrimitives.Exp {median(exponentials):.2f} ns a number, {threads} threads")
    print(f"  roofline {median(roofs):.3f} s; CertiFlip {median(whole):.3f} s")
    print(f"  times the roofline: {spread(ratios)}; bar 1.15")
    print(f"  processor time of the native command beyond that for four rows: {spread(work)} s; "
          f"of the roofline {threads * median(roofs):.2f} s")
    return True


def bar_classes(folder, runs, threads):
    """Ten classes."""
    write_arrays(folder, 60000, 16, 10000, classes=10)
    for certificates, bar in (("exact", 2), ("tight", 1.5)):
        print(f"  {certificates}: {spread([certify(folder, threads, certificates) for _ in range(min(runs, 3))])} s; bar {bar}")
    return True


def bar_growth(folder, runs, threads):
    """Time and memory as n and m grow."""
    import numpy as np
    in_n = [(n, 512) for n in (10**4, 10**4 * 3, 10**5, 10**5 * 3, 10**6)]
    in_m = [(30000, m) for m in (1000, 3000, 10000, 30000)]
    for name, sizes in (("n", in_n), ("m", in_m)):
        times = []
        for n, m in sizes:
            write_arrays(folder, n, 16, m)
            again, memory = certify_again(folder, threads)
            times.append(again)
            print(f"  n {n:>7,} m {m:>6,}: {times[-1]:6.3f} s, {memory:3.0f} MB beyond the inputs; bar 200")
        x = np.log([n * m for n, m in sizes])
        print(f"  slope of log time on log {name}: {np.polyfit(x, np.log(times), 1)[0]:.2f}; bar 0.9 to 1.1")
    return True


def bar_start(folder, runs, threads):
    """--help, and certify of 100 rows, from the shell to the prompt."""
    write_arrays(folder, 100, 8, 100)
    run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "src/CertiFlip.Cli"])
    work = ["certify", "--train", folder / "X.npy", "--train-labels", folder / "y.npy", "--test", folder / "Xt.npy"]
    managed = ["dotnet", ROOT / "src/CertiFlip.Cli/bin/Release/net10.0/CertiFlip.Cli.dll"]
    for name, arguments, bar in (("--help", ["--help"], 20), ("certify, 100 rows", work, 60)):
        for kind, start, promised in (("native", [native()], f"; bar {bar}"), ("compiled just in time", managed, "")):
            times = [1000 * seconds([*start, *arguments]) for _ in range(4 * runs)]
            print(f"  {name}, {kind}: {spread(times, 0)} ms{promised}")
    return True


def bar_labels(folder, runs, threads):
    """audit, exact and leave-one-out, against what cleanlab needs first: scikit-learn's probabilities from five folds."""
    write_arrays(folder, 13007, 50, 1)
    rival = """
import sys, time
start = time.perf_counter()
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
X, y = np.load(sys.argv[1]), np.load(sys.argv[2])
imported = time.perf_counter()
np.save(sys.argv[3], cross_val_predict(LogisticRegression(), X, y, cv=5, method="predict_proba"))
print(time.perf_counter() - imported)
"""
    audit = [native(), "audit", "--train", folder / "X.npy", "--train-labels", folder / "y.npy", "--budget", "50", "--threads", threads,
             "--out", folder / "audit.csv", "--quiet"]
    theirs, whole, ours = [], [], []
    for _ in range(runs):
        theirs.append(float(run([sys.executable, "-c", rival, folder / "X.npy", folder / "y.npy", folder / "p.npy"])))
        whole.append(seconds([sys.executable, "-c", rival, folder / "X.npy", folder / "y.npy", folder / "p.npy"]))
        ours.append(seconds(audit))
    print(f"  scikit-learn, five folds of LogisticRegression: {median(theirs):.2f} s, whole process {median(whole):.2f} s")
    times = spread([a / b for a, b in zip(ours, whole)])
    print(f"  certiflip audit --budget 50, whole process: {spread(ours)} s, {times} times its time; bar 1")
    return len(list(csv.DictReader(open(folder / "audit.csv")))) == 50


def bar_program(folder, runs, threads):
    """Exact radii against the mixed-integer program that defines them, solved by HiGHS."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    n, k, m, penalty = 200, 8, 20, 100.0
    write_arrays(folder, n, k, m)
    X, y, Xt = (np.load(folder / f"{name}.npy") for name in ("X", "y", "Xt"))
    ours = median([seconds(command(folder, threads, "exact")) for _ in range(runs)])
    radii = [row["exact_radius"] for row in csv.DictReader(open(folder / "command.csv"))]
    start = time.perf_counter()
    weights = Xt @ np.linalg.solve(X.T @ X + penalty * np.eye(k), X.T)
    found = []
    for a in weights:
        # z says which labels are flipped: the score is Σ aⱼ (yⱼ + (1 − 2yⱼ) zⱼ). The fewest flips that bring it across ½.
        score, change = a @ y, a * (1 - 2 * y)
        sides = (-np.inf, .5 - score - 1e-9) if score >= .5 else (.5 - score, np.inf)
        answer = milp(np.ones(n), integrality=np.ones(n), bounds=Bounds(0, 1), constraints=LinearConstraint(change, *sides))
        found.append("any" if answer.x is None else str(round(answer.fun) - 1))
    programs = time.perf_counter() - start
    agree = sum(a == b or (a in ("", "any") and b == "any") for a, b in zip(radii, found))
    print(f"  HiGHS {programs:.2f} s for {m} rows; certiflip certify --certificates exact, whole process, {ours:.3f} s: "
          f"{programs / ours:.0f} times as fast")
    print(f"  radii that agree: {agree} of {m}")
    return agree == m


def bar_service(folder, runs, threads):
    """Requests a second; needs wrk."""
    print("  " + run([sys.executable, ROOT / "bench/load-test.py", "--rows", "1", "--command", native()]).replace("\n", "\n  ").rstrip())
    return True


def bar_python(folder, runs, threads):
    """The Python package through libcertiflip against the command's own time."""
    print("  " + run([sys.executable, ROOT / "bench/python.py"]).replace("\n", "\n  ").rstrip())
    return True


def save(name, text):
    """Adds a bar's lines to the page of this processor."""
    page = ROOT / "bench/results" / (re.sub(r"[^a-z0-9]+", "-", processor().lower()).strip("-") + ".md")
    version = run(["git", "describe", "--always", "--dirty", "--tags"]).strip()
    if not page.exists():
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# {processor()}\n\nWhat `bench/bars.py` printed, the newest last.\n")
    with page.open("a") as file:
        file.write(f"\n## {name}, {version}, {datetime.date.today()}\n\n```text\n{text.rstrip()}\n```\n")


def main():
    bars = {name.removeprefix("bar_"): bar for name, bar in globals().items() if name.startswith("bar_")}
    described = "\n".join(f"  {name:<11}{bar.__doc__}" for name, bar in bars.items())
    parser = argparse.ArgumentParser(description=f"{__doc__}\nBars:\n{described}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--save", action="store_true", help="add what is measured to bench/results")
    options = parser.parse_args()
    for name in set(options.names) - set(bars):
        parser.error(f"there is no bar {name}; there are {', '.join(bars)}")
    run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "bench/CertiFlip.Benchmarks"])
    agree = True
    for name in options.names or bars:
        print(name, flush=True)
        text = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(text):
            agree &= bars[name](Path(folder), options.runs, options.threads)
        print(text.getvalue(), end="", flush=True)
        if options.save:
            save(name, text.getvalue())
    sys.exit(0 if agree else "answers do not agree")


if __name__ == "__main__":
    main()
