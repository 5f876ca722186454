"""The arrows between layers point one way, and importing a module does nothing but define it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("qod", "dashboard", "pages")

DRAWING = ("dash", "plotly", "flask", "flask_caching", "gunicorn")
ENGINES = ("duckdb", "google", "gcsfs", "fsspec", "sqlglot")
CALLERS = ("dashboard.cli", "dashboard.commands", "dashboard.demo")


def _in_alerts(*names: str) -> tuple[str, ...]:
    return tuple(f"dashboard.alerts.{name}" for name in names)


# What a layer may not import, wherever in its modules the import stands. Read: "pages -> must not reach engines".
FORBIDDEN = {
    "qod": ("dashboard", "pages", *DRAWING),
    "dashboard.metrics": (
        *("dashboard.rules", "dashboard.judging", "dashboard.evaluation", "dashboard.web", "pages"),
        *("qod.warehouse", *CALLERS, *DRAWING, *ENGINES),
    ),
    "dashboard.judging": (
        *("dashboard.evaluation", "dashboard.web", "pages", "qod.warehouse", *CALLERS, *DRAWING, *ENGINES),
    ),
    "dashboard.rules": (
        *("dashboard.evaluation", "dashboard.web", "pages", "qod.warehouse", *CALLERS, *DRAWING, *ENGINES),
    ),
    "dashboard.performance": ("dashboard.web", "pages", "qod.warehouse", *CALLERS, *DRAWING, *ENGINES),
    "dashboard.evaluation": ("dashboard.web", "pages", *CALLERS, *DRAWING, *ENGINES),
    "dashboard.evaluation.assess": ("dashboard.evaluation.load", "dashboard.evaluation.evaluate", "qod.warehouse"),
    "dashboard.report": ("dashboard.evaluation", *CALLERS, *DRAWING, *ENGINES),
    "dashboard.alerts": ("dashboard.web", "pages", *CALLERS, *DRAWING, *ENGINES),
    # What changed is decided without a warehouse, and written without a word about how it is sent.
    "dashboard.alerts.deciding": (*_in_alerts("advising", "writing", "digests", "channels", "mail"), "qod.warehouse"),
    "dashboard.alerts.writing": _in_alerts("deciding", "digests", "channels", "mail", "send", "claim", "notify"),
    "dashboard.alerts.channels": _in_alerts("deciding", "advising", "writing", "digests", "record"),
    "dashboard.alerts.mail": _in_alerts("deciding", "advising", "writing", "digests", "record", "channels"),
    "dashboard.retrain": ("dashboard.alerts", "dashboard.web", "pages", *CALLERS, *DRAWING, *ENGINES),
    "dashboard.demo": ("dashboard.web", "pages", *DRAWING, *ENGINES),
    "dashboard.commands": (*("dash", "plotly", "flask", "flask_caching"), *ENGINES),
    "dashboard.web": ("pages", "dashboard.evaluation", *CALLERS, *ENGINES),
    # A page asks queries for answers; it never computes a colour.
    "pages": (
        *("dashboard.evaluation", "qod.warehouse.lake", *CALLERS),
        *("gunicorn", "flask", "flask_caching", *ENGINES),
    ),
}

# The pages are found from their folder; the application asks for them all at once and knows none by name.
EXCEPT = {
    ("dashboard.web.app", "pages"),
    # Who writes is verified by Google's own library: it is no warehouse that is asked there.
    ("dashboard.web.identity", "google.auth.jwt"),
    ("dashboard.web.identity", "google.auth.exceptions"),
    # The page of a variable draws the thresholds that its bins and its noise make.
    ("dashboard.web.views.drift_thresholds", "dashboard.evaluation.cube.reference_variable"),
}

# What only these may import.
RESERVED = {
    "duckdb": ("qod.warehouse",),
    "sqlglot": ("qod.warehouse",),
    "google": ("qod.warehouse", "dashboard.web.identity"),  # there: google.auth, which verifies who writes
    "gcsfs": ("qod.warehouse",),
    "dash": ("dashboard.web", "pages"),
    "plotly": ("dashboard.web", "pages"),
    "flask": ("dashboard.web",),
    "flask_caching": ("dashboard.web",),
    "gunicorn": ("dashboard.web", "dashboard.commands"),
    "urllib3": ("dashboard.outbound",),  # the one place where addresses are looked at before they are asked
    "typer": ("dashboard.cli", "dashboard.commands", "dashboard.guide"),
}

ALL_MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
)


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def path_of(module: str) -> Path:
    base = ROOT.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def imports_in(tree: ast.AST, module: str) -> Iterator[str]:
    """The full names of what the nodes below ``tree`` import; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide where a name comes from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports(module: str) -> frozenset[str]:
    return frozenset(imports_in(ast.parse(path_of(module).read_text(encoding="utf-8")), module))


def test_the_scan_sees_modules_and_their_imports() -> None:
    assert "qod.contract" in ALL_MODULES
    assert "dashboard" in ALL_MODULES
    assert "qod.contract.TABLES" in imports("qod.contract_page")
    inner = ast.parse("def f():\n    from a.b import c\n    import d.e")
    assert set(imports_in(inner, "example")) == {"a.b.c", "d.e"}


@pytest.mark.parametrize("module", ALL_MODULES)
def test_a_layer_imports_only_what_lies_below_it(module: str) -> None:
    for layer, forbidden in FORBIDDEN.items():
        if within(module, layer):
            allowed = {name for exempt, name in EXCEPT if exempt == module}
            wrong = sorted(name for name in imports(module) - allowed if any(within(name, f) for f in forbidden))
            assert not wrong, f"{module} (layer {layer}) imports {wrong}"
    for library, users in RESERVED.items():
        if any(within(name, library) for name in imports(module)):
            assert any(within(module, layer) for layer in users), f"{module} imports {library}, kept for {users}"


def test_every_layer_that_is_named_exists() -> None:
    named = {*FORBIDDEN, *(layer for layers in RESERVED.values() for layer in layers)}
    missing = sorted(layer for layer in named if not any(within(module, layer) for module in ALL_MODULES))
    assert not missing


def run(code: str) -> str:
    """The standard output of a fresh interpreter that runs ``code`` with every network call refused."""
    guard = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.bind', 'socket.getaddrinfo', 'subprocess.Popen', 'os.system'):\n"
        "        raise RuntimeError(f'{event} {arguments}')\n"
        "sys.addaudithook(refuse)\n"
    )
    done = subprocess.run([sys.executable, "-c", guard + code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(code: str) -> set[str]:
    return set(run(f"{code}\nprint('\\n'.join(sys.modules))").split())


def test_importing_opens_nothing_and_loads_no_cloud_library() -> None:
    names = [module for module in ALL_MODULES if not module.endswith(".__main__")]
    loaded = loaded_by("\n".join(f"import {name}" for name in names))
    assert set(names) <= loaded
    late = {"google.cloud", "gcsfs", "scipy.stats", "plotly.express", "duckdb"}
    assert not late & loaded


def test_a_training_job_imports_no_dashboard() -> None:
    loaded = loaded_by("import qod, qod.warehouse")
    assert not [name for name in loaded if name.split(".")[0] in {"dashboard", "pages", "dash", "plotly", "flask"}]


def test_the_lake_needs_no_cloud_library(tmp_path: Path) -> None:
    loaded = loaded_by(
        "from qod.warehouse import open_warehouse\n"
        f"warehouse = open_warehouse({str(tmp_path / 'warehouse')!r})\n"
        "assert warehouse.query('registry').num_rows == 0"
    )
    assert "duckdb" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"google", "gcsfs", "fsspec", "dash", "dashboard"}]


def test_bigquery_needs_neither_duckdb_nor_a_parser() -> None:
    loaded = loaded_by(
        "import os\n"
        "os.environ['BIGQUERY_EMULATOR_HOST'] = 'http://127.0.0.1:9'\n"
        "from qod.errors import WarehouseError\n"
        "from qod.warehouse import open_warehouse\n"
        "warehouse = open_warehouse('bigquery://project/dataset')\n"
        "assert 'google.cloud.bigquery' not in sys.modules\n"
        "try:\n"
        "    warehouse.query('registry')\n"
        "except WarehouseError:\n"
        "    pass"
    )
    assert "google.cloud.bigquery" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"duckdb", "sqlglot", "gcsfs", "dash", "dashboard"}]
