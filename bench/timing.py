"""What the scripts of this folder share: commands, medians, builds of the command, random arrays."""
import os, re, resource, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# OpenBLAS in a virtual machine may take the processor for an older one, and is then much slower. It reads this when NumPy is loaded.
if "avx512f" in Path("/proc/cpuinfo").read_text():
    os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def run(command, **options):
    """What a command prints."""
    options = {"check": True, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, **options}
    return subprocess.run([str(part) for part in command], **options).stdout


def seconds(command, **options):
    """How long a command takes, from start to exit."""
    start = time.perf_counter()
    run(command, stderr=subprocess.DEVNULL, **options)
    return time.perf_counter() - start


def processor_seconds(command, **options):
    """How long processors work for a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, stderr=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def instructions(command):
    """Instructions that a command executes, as Valgrind counts them; None without it. They hardly differ between runs."""
    try:
        result = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError:
        return None
    found = re.search(r"Collected : (\d+)", result.stderr)
    return int(found[1]) if found and result.returncode == 0 else None


def median(values):
    return statistics.median(values)


def spread(values, digits=2):
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def processor():
    """The processor's name and what it is shared by."""
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{name[1] if name else 'a processor'}, {os.cpu_count()} cores"


def publish_native(folder, root=ROOT):
    """The command as one native file; None where a version cannot be compiled so."""
    try:
        run(["dotnet", "publish", "src/CertiFlip.Cli", "-c", "Release", "-r", "linux-x64", "--nologo", "-v", "quiet", "-o", folder],
            cwd=root)
    except subprocess.CalledProcessError:
        return None
    command = Path(folder) / "certiflip"
    return command if command.is_file() else None


def write_arrays(folder, n, k, m, classes=2, dtype="float64"):
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
        return x.astype(dtype), y

    X, y = cloud(n)
    Xt, _ = cloud(m)
    for name, array in (("X", X), ("y", y), ("Xt", Xt)):
        np.save(folder / f"{name}.npy", array)
