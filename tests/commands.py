"""Running the command line in tests: real commands on real files, in this process or in one of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from typer.testing import CliRunner, Result

from dashboard.cli import app

ROOT = Path(__file__).resolve().parents[1]


def commands() -> dict[str, Callable[..., Any]]:
    """Every command by its whole name, as ``policy show``, and its function."""
    groups = [group.typer_instance for group in app.registered_groups if group.typer_instance is not None]
    apps = [("", app), *((f"{group.info.name} ", group) for group in groups)]
    return {
        f"{before}{command.name or command.callback.__name__}": command.callback
        for before, of in apps
        for command in of.registered_commands
        if command.callback is not None
    }


def vigie(*args: object, code: int = 0) -> Result:
    """Run a command in this process and hold it to its exit code; no command ever shows a traceback."""
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def process(*args: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    command = [sys.executable, "-m", "dashboard.cli", *args]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)


def rows(count: int, seed: int, *, shift: float = 0.0) -> pa.Table:
    generator = np.random.default_rng(seed)
    score = generator.random(count)
    return pa.table(
        {
            "id": [f"{seed}-{n}" for n in range(count)],
            "age": generator.normal(40 + shift, 10, count),
            "plan": generator.choice(["A", "B", "C"], count),
            "score": score,
            "churned": (generator.random(count) < score).astype(int),
        }
    )


def status(**options: str) -> list[dict[str, Any]]:
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    found: list[dict[str, Any]] = json.loads(vigie("status", "--format", "json", *flags).stdout)
    return found


def measures(model: str = "churn") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(vigie("measures", model, "--format", "json").stdout)
    return found
