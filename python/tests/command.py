"""The command, to compare with, and data to compare on."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import unittest
from pathlib import Path
from typing import List, Tuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("CERTIFLIP_COMMAND", "").split() or [
    "dotnet", str(ROOT / "src/CertiFlip.Cli/bin/Release/net10.0/CertiFlip.Cli.dll")]


def run(*arguments: object) -> str:
    """Runs the command; a test is skipped where it is not built."""
    if not Path(COMMAND[-1]).exists():
        raise unittest.SkipTest(f"{COMMAND[-1]} is not built: dotnet build -c Release")
    done = subprocess.run([*COMMAND, *(str(one) for one in arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.stderr}")
    return done.stdout


def clouds(rows: int, columns: int, classes: int, dtype: type, seed: int) -> Tuple[np.ndarray, np.ndarray]:
    """Overlapping clouds, and a few rows that come twice."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, rows)
    X = rng.normal(size=(rows, columns)).astype(dtype)
    X[np.arange(rows), y % columns] += 1.5
    X[1] = X[0]
    return np.ascontiguousarray(X), y


def text(number: float) -> str:
    """A number as .NET writes it."""
    if not np.isfinite(number):
        return "" if np.isnan(number) else f"{'-' if number < 0 else ''}Infinity"
    written = repr(float(number)).removesuffix(".0")
    digits, _, power = written.partition("e")
    return f"{digits}E{power[0]}{power[1:].zfill(2)}" if power else written


def lines(rows: List[List[str]]) -> str:
    """A file as the command writes it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
