"""Writes requirements.lock and requirements-dev.lock from pyproject.toml: versions and hashes, and no address."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
HEADER: Final = "# Made by `make lock` from pyproject.toml; not edited by hand.\n"
ADDRESS: Final = re.compile(r"://|--(extra-)?index-url|--find-links|--index\b")


def lock(file: str, *options: str) -> None:
    """Resolve pyproject.toml's dependencies for every platform into ``file``; the file is kept when that fails."""
    # One version of each for every Python, so that two machines compute with the same libraries.
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--fork-strategy", "fewest", "--generate-hashes", "--no-header", "--no-annotate", "--upgrade"]
    made = subprocess.run(
        [sys.executable, "-m", *command, *options, "pyproject.toml"], cwd=ROOT, check=True, capture_output=True
    )
    text = HEADER + made.stdout.decode()
    if ADDRESS.search(text):
        raise SystemExit(f"{file}: an address came into the lock; nothing was written")
    (ROOT / file).write_text(text)


if __name__ == "__main__":
    lock("requirements.lock", "--group", "build")
    lock("requirements-dev.lock", "--group", "build", "--group", "dev", "--constraints", "requirements.lock")
