#!/usr/bin/env python3
"""Compares the command with that of an earlier version, in one run: whether anything became slower.

    bench/releases.py [--against REF] [NAME...] [--runs N] [--counts] [--save]

Builds both versions as their users have them (native where a version can be, else compiled ahead of time for the runtime), runs the same
command lines in turn, and prints the median of the ratios with their spread: 1 is as fast as before, 2 takes twice as long. The exit code
is 1 where even the lowest ratio is above 1.1. REF is a tag or a commit; without it, the newest tag. --counts also counts instructions by
Valgrind, on one thread and without AVX-512: those hardly depend on how busy the machine is. Needs python3 with numpy, git and the .NET
SDK; --counts needs valgrind.
"""
import argparse, subprocess, sys, tempfile
from pathlib import Path
from timing import ROOT, instructions, median, processor, processor_seconds, publish_native, run, seconds, spread, write_arrays

TOO_SLOW = 1.1


def arrays(n, k, m, classes=2):
    """Writes arrays, and gives the options that name them."""
    def write(folder):
        if not (folder / "X.npy").exists():
            write_arrays(folder, n, k, m, classes)
        return ["--train", folder / "X.npy", "--train-labels", folder / "y.npy"], ["--test", folder / "Xt.npy"]
    return write


def case(command, *options, data=arrays(13007, 51, 2163), small=arrays(2000, 51, 100)):
    """A command line over arrays, and a smaller one that Valgrind can count in seconds."""
    def line(folder, write):
        train, test = write(folder)
        return [command, *train, *([] if command == "audit" else test), *options, "--out", folder / "out.csv", "--quiet"]
    return line, data, small


CASES = {
    "kl-tight": case("certify", "--noise", "0.1", "--certificates", "kl,tight"),
    "structured-exact": case("certify", "--noise", "0.1", "--certificates", "structured,exact"),
    "ten-classes": case("certify", "--certificates", "exact", data=arrays(20000, 16, 3000, 10), small=arrays(2000, 16, 100, 10)),
    "saturated": case("certify", "--head", "saturated-ridge", "--certificates", "exact"),
    "neighbours": case("certify", "--head", "knn:10", "--certificates", "exact"),
    "audit": case("audit", "--budget", "20", data=arrays(4000, 51, 1), small=arrays(500, 20, 1)),
}


def build(root, folder):
    """How a version's command is started."""
    if command := publish_native(folder / "native", root):
        return [command]
    run(["dotnet", "publish", "src/CertiFlip.Cli", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "--nologo",
         "-v", "quiet", "-o", folder / "ahead"], cwd=root)
    return ["dotnet", folder / "ahead/CertiFlip.Cli.dll"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CASES))
    parser.add_argument("--against", metavar="REF")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--save", action="store_true", help="add the table to bench/results")
    options = parser.parse_args()
    for name in set(options.names) - set(CASES):
        parser.error(f"there is no case {name}; there are {', '.join(CASES)}")
    newest = run(["git", "describe", "--tags", "--abbrev=0"], check=False, stderr=subprocess.DEVNULL).strip()
    against = options.against or newest or parser.error("there is no tag to compare with: name a commit by --against")
    version = run(["git", "describe", "--always", "--dirty", "--tags"]).strip()
    lines, slower = [], False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(["git", "worktree", "add", "--detach", "--quiet", folder / "before", against])
        try:
            old, new = build(folder / "before", folder / "old"), build(ROOT, folder / "new")
            kinds = ["native" if len(command) == 1 else "for the runtime" for command in (old, new)]
            lines.append(f"{version} ({kinds[1]}) against {against} ({kinds[0]}), {processor()}")
            counted = "of instructions" if options.counts else ""
            lines.append(f"{'case':<18}{'before':>9}{'now':>9}  {'ratio of times':<22}{'of processor time':<22}{counted}".rstrip())
            for name in options.names or CASES:
                make, data, small = CASES[name]
                (folder / name).mkdir()
                line = make(folder / name, data)
                before, after, ratios, work = [], [], [], []
                for _ in range(options.runs):
                    before.append(seconds([*old, *line]))
                    after.append(seconds([*new, *line]))
                    work.append(processor_seconds([*new, *line]) / processor_seconds([*old, *line]))
                    ratios.append(after[-1] / before[-1])
                counted = ""
                if options.counts:
                    (folder / name / "small").mkdir()
                    line = [*make(folder / name / "small", small), "--threads", "1"]
                    counts = [instructions([*command, *line]) if len(command) == 1 else None for command in (old, new)]
                    counted = f"{counts[1] / counts[0]:.3f}" if all(counts) else f"{counts[1]:,} now" if counts[1] else "not counted"
                times = f"{median(before):>7.2f} s{median(after):>7.2f} s"
                lines.append(f"{name:<18}{times}  {spread(ratios):<22}{spread(work):<22}{counted}".rstrip())
                print("\n".join(lines if len(lines) == 3 else lines[-1:]), flush=True)
                slower |= min(ratios) > TOO_SLOW
        finally:
            run(["git", "worktree", "remove", "--force", folder / "before"])
    if options.save:
        from bars import save
        save("releases", "\n".join(lines))
    sys.exit(1 if slower else 0)


if __name__ == "__main__":
    main()
