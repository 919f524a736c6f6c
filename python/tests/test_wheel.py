"""The wheel: the same bytes twice, installed into an environment of its own, where the README's example runs."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from .command import ROOT

LIBRARY = ROOT / "artifacts/native"


class Wheel(unittest.TestCase):
    def setUp(self) -> None:
        if not (LIBRARY / "libcertiflip.so").exists():
            self.skipTest("the library is not there: src/CertiFlip.Native/publish")
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def built(self, name: str) -> Path:
        printed = subprocess.run(
            [sys.executable, ROOT / "python/build-wheel", "--library", LIBRARY, "--out", self.path / name], check=True,
            capture_output=True, text=True).stdout
        return Path(printed.strip())

    def test_the_bytes_are_the_same_and_what_it_says_is_there(self):
        one, other = self.built("one"), self.built("other")
        self.assertEqual(one.read_bytes(), other.read_bytes())
        self.assertRegex(one.name, r"^certiflip-[0-9.]+-py3-none-manylinux_2_[0-9]+_x86_64\.whl$")
        with zipfile.ZipFile(one) as wheel:
            names = wheel.namelist()
            for wanted in ("certiflip/py.typed", "certiflip/libcertiflip.so", "certiflip/glibc-hwcaps/x86-64-v4/libcertiflip.so"):
                self.assertIn(wanted, names)
            self.assertTrue({"LICENSE", "THIRD-PARTY-NOTICES.txt"} <= {Path(name).name for name in names})
            version = re.search("\nVersion: (.*)", wheel.read(next(name for name in names if name.endswith("/METADATA"))).decode())[1]
        self.assertIn(f"certiflip-{version}-", one.name)
        import certiflip
        self.assertEqual((certiflip.__version__, certiflip.library_version()), (version, version))

    def test_a_library_older_than_its_sources_is_stale(self):
        loader = importlib.machinery.SourceFileLoader("build_wheel", str(ROOT / "python/build-wheel"))
        script = importlib.util.module_from_spec(importlib.util.spec_from_loader("build_wheel", loader))
        loader.exec_module(script)
        library, source = self.path / "library", self.path / "src/CertiFlip/Kernels/Tile.cs"
        self.assertTrue(script.is_stale(library, self.path))
        for file in (*(library / name for name in script.LIBRARIES), source, self.path / "src/CertiFlip/obj/made.cs"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        os.utime(source, (1, 1))
        os.utime(library / script.LIBRARIES[0], (5, 5))
        self.assertFalse(script.is_stale(library, self.path))
        os.utime(source, (9, 9))
        self.assertTrue(script.is_stale(library, self.path))

    def test_it_installs_and_the_readmes_example_runs(self):
        try:
            import ensurepip  # noqa: F401
        except ImportError:
            self.skipTest("Python's ensurepip is not installed")
        environment = self.path / "environment"
        # NumPy comes from outside: nothing is fetched here.
        subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", environment], check=True)
        python = environment / "bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", self.built("wheel")], check=True)
        example = re.search(r"```python\n(.*?)```", (ROOT / "python/README.md").read_text(), re.DOTALL)[1]
        printed = subprocess.run(
            [python, "-c", example + "\nimport certiflip\nprint(certiflip.library_path())"], check=True, capture_output=True, text=True,
            cwd=self.path, env={"PATH": "/usr/bin:/bin"}).stdout
        lines = printed.splitlines()
        self.assertGreaterEqual(len(lines), 5, printed)
        self.assertTrue(lines[-1].startswith(str(environment)), lines[-1])


if __name__ == "__main__":
    unittest.main()
