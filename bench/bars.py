#!/usr/bin/env python3
"""Measures what docs/performance.md promises, each bar beside its rival in the same run, on the same arrays, with a check that answers agree.

    bench/bars.py [numpy structured roofline classes growth start] [--runs N] [--threads N]

Without a name, all of them: about five minutes on two cores. Needs python3 with numpy and scipy, and the .NET SDK. NUMPY_BASELINE names the
script that the first bar runs against. Times are medians over runs, from arrays in memory to radii in memory, each run in a fresh process unless it says otherwise.
"""
import argparse, csv, os, re, statistics, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TWIN = ROOT / "bench/CertiFlip.Benchmarks/bin/Release/net10.0/CertiFlip.Benchmarks.dll"
BASELINE = os.environ.get("NUMPY_BASELINE", ROOT / "../shared/bench/numpy_baseline.py")

# OpenBLAS in a virtual machine may take the processor for an older one, and is then much slower. It reads this when NumPy is loaded.
if "avx512f" in Path("/proc/cpuinfo").read_text():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def write_arrays(folder, n, k, m, classes=2):
    """X, y and Xt of overlapping clouds, the last column a constant."""
    import numpy as np
    rng = np.random.default_rng(1)

    def cloud(rows):
        y = rng.integers(0, classes, rows)
        x = rng.normal(size=(rows, k)) * np.linspace(2, .2, k)
        if classes == 2:
            x[:, :4] += y[:, None]
        else:
            x[np.arange(rows), y] += 3
        x[:, -1] = 1
        return x, y

    X, y = cloud(n)
    Xt, _ = cloud(m)
    for name, array in (("X", X), ("y", y), ("Xt", Xt)):
        np.save(folder / f"{name}.npy", array)


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


def run(command, **options):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, **options).stdout


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def publish(project, folder):
    run(["dotnet", "publish", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true",
         "--nologo", "-v", "quiet", project, "-o", folder])


def bar_numpy(folder, runs, threads):
    write_arrays(folder, 13007, 51, 2163)
    publish("bench/CertiFlip.Benchmarks", folder / "ahead")
    arguments = [folder / name for name in ("X.npy", "y.npy", "Xt.npy")] + ["0.1", "100", folder / "numpy.csv"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
    rival, just_in_time, ahead_of_time, again = [], [], [], []
    for _ in range(runs):
        rival.append(float(re.search(r"total ([0-9.]+)", run([sys.executable, BASELINE, *arguments], env=environment))[1]))
        just_in_time.append(certify(folder, threads, "kl,tight"))
        ahead_of_time.append(certify(folder, threads, "kl,tight", folder / "ahead/CertiFlip.Benchmarks.dll"))
        again.append(certify_again(folder, threads)[0])
    theirs, ours = (list(csv.DictReader(open(folder / f"{name}.csv"))) for name in ("numpy", "certiflip"))
    columns = ("prediction", "radius_kl", "radius_tight")
    differ = sum(any(a[c] != b[c] for c in columns) for a, b in zip(theirs, ours))
    print(f"  NumPy {median(rival):.3f} s")
    for kind, times in (("first run of a process, compiled just in time", just_in_time), ("first run, compiled ahead of time", ahead_of_time),
                        ("later runs of a process", again)):
        print(f"  {kind}: {median(times):.3f} s, {spread([a / b for a, b in zip(rival, times)])} times as fast; bar 25")
    print(f"  rows that differ: {differ} of {len(theirs)}")
    return len(theirs) == len(ours) and differ <= len(theirs) // 1000


def bar_structured(folder, runs, threads):
    write_arrays(folder, 13007, 51, 2163)
    simple, strong = [], []
    for _ in range(runs):
        simple.append(certify(folder, threads, "kl,tight", output="simple.csv"))
        strong.append(certify(folder, threads, "structured,exact", output="strong.csv"))
    rows = zip(csv.DictReader(open(folder / "simple.csv")), csv.DictReader(open(folder / "strong.csv")))
    print(f"  kl, tight {median(simple):.3f} s; structured, exact {median(strong):.3f} s")
    print(f"  times as long: {spread([b / a for a, b in zip(simple, strong)])}; bar 2")
    return all(int(a["radius_kl"]) <= int(a["radius_tight"]) <= int(b["radius_structured"]) for a, b in rows)


def bar_roofline(folder, runs, threads):
    n, k, m = 60000, 128, 1024
    write_arrays(folder, n, k, m)
    blas = ("import numpy as np, time\na, b = np.random.rand(2000, 2000), np.random.rand(2000, 2000)\nbest = 9.0\n"
            "for _ in range(8):\n    t = time.perf_counter(); a @ b; best = min(best, time.perf_counter() - t)\nprint(16e9 / best)")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}
    ratios, whole, roofs, speeds, exponentials = [], [], [], [], []
    for _ in range(runs):
        speeds.append(float(run([sys.executable, "-c", blas], env=environment)))
        exponentials.append(float(run(["dotnet", TWIN, "exponential", threads]).split()[0]))
        roofs.append(2.0 * n * k * m / speeds[-1] + 3.0 * n * m * exponentials[-1] * 1e-9)
        whole.append(certify(folder, threads, "kl,tight"))
        ratios.append(whole[-1] / roofs[-1])
    print(f"  OpenBLAS {median(speeds) / 1e9:.0f} GFLOP/s, TensorPrimitives.Exp {median(exponentials):.2f} ns a number, on {threads} threads")
    print(f"  roofline {median(roofs):.3f} s; CertiFlip {median(whole):.3f} s")
    print(f"  times the roofline: {spread(ratios)}; bar 1.6")
    return True


def bar_classes(folder, runs, threads):
    write_arrays(folder, 60000, 16, 10000, classes=10)
    for certificates, bar in (("exact", 30), ("tight", 120)):
        print(f"  {certificates}: {spread([certify(folder, threads, certificates) for _ in range(min(runs, 3))])} s; bar {bar}")
    return True


def bar_growth(folder, runs, threads):
    import numpy as np
    for name, sizes in (("n", [(n, 512) for n in (10**4, 10**4 * 3, 10**5, 10**5 * 3, 10**6)]), ("m", [(30000, m) for m in (1000, 3000, 10000, 30000)])):
        times = []
        for n, m in sizes:
            write_arrays(folder, n, 16, m)
            seconds, memory = certify_again(folder, threads)
            times.append(seconds)
            print(f"  n {n:>7,} m {m:>6,}: {times[-1]:6.3f} s, {memory:3.0f} MB beyond the inputs; bar 256")
        x = np.log([n * m for n, m in sizes])
        print(f"  slope of log time on log {name}: {np.polyfit(x, np.log(times), 1)[0]:.2f}; bar 0.9 to 1.1")
    return True


def bar_start(folder, runs, threads):
    write_arrays(folder, 100, 8, 100)
    run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "src/CertiFlip.Cli"])
    publish("src/CertiFlip.Cli", folder / "command")
    work = ["certify", "--train", folder / "X.npy", "--train-labels", folder / "y.npy", "--test", folder / "Xt.npy"]
    for name, arguments in (("--help", ["--help"]), ("certify, 100 rows", work)):
        for kind, command in (("just in time", ROOT / "src/CertiFlip.Cli/bin/Release/net10.0/CertiFlip.Cli.dll"), ("ahead of time", folder / "command/CertiFlip.Cli.dll")):
            times = []
            for _ in range(2 * runs):
                start = time.perf_counter()
                run(["dotnet", command, *arguments], stderr=subprocess.DEVNULL)
                times.append(time.perf_counter() - start)
            print(f"  {name}, compiled {kind}: {spread(times)} s")
    return True


def main():
    bars = {name.removeprefix("bar_"): bar for name, bar in globals().items() if name.startswith("bar_")}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(bars))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    for name in set(options.names) - set(bars):
        parser.error(f"there is no bar {name}; there are {', '.join(bars)}")
    run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "bench/CertiFlip.Benchmarks"])
    agree = True
    for name in options.names or bars:
        print(name, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            agree &= bars[name](Path(folder), options.runs, options.threads)
    sys.exit(0 if agree else "answers do not agree")


if __name__ == "__main__":
    main()
