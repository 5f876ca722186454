"""The project around the code: files, versions, locks, image, and that the README tells the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def tracked() -> list[Path]:
    """The files that belong to the project; without git (an unpacked archive), those in its folders."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = ("qod", "dashboard", "pages", "queries", "assets", "tests", "scripts", "docs")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# -- files and versions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "CHANGELOG.md", "LICENSE", "Makefile", "Dockerfile", ".dockerignore", ".gitignore", ".ci/run"),
        *("docs/contract.md", "docs/statistics.md", "docs/decisions.md", "docs/architecture.md", "docs/models.md"),
        *("docs/deliveries.md", "docs/operations.md", "docs/settings.md", "docs/demo.md"),
    ],
)
def test_a_file_of_the_project_is_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 100


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert project()["project"]["license"] == "Apache-2.0"
    text = read("LICENSE")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_speaks_of_this_version() -> None:
    version = project()["project"]["version"]
    latest = re.search(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert latest is not None
    assert latest[1] == version


def test_no_tracked_file_names_an_index_or_a_folder_of_some_machine() -> None:
    forbidden = re.compile(
        r"--(extra-)?index-url[ =]|--find-links[ =]|\b(pypi\.org/simple|files\.pythonhosted\.org)"
        r"|(?<![\w.])/(work|root|Users)/\w"
    )
    here = Path(__file__).resolve()
    wrong = []
    for path in tracked():
        if path == here or path.suffix in (".png", ".gz", ".parquet", ".ico"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if forbidden.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not wrong, "\n".join(wrong)


def test_no_large_file_is_tracked() -> None:
    large = [f"{path.relative_to(ROOT)}" for path in tracked() if path.stat().st_size > 2_000_000]
    assert not large
    data = sum(path.stat().st_size for path in tracked() if path.is_relative_to(ROOT / "tests" / "data"))
    assert data < 5_000_000


# -- dependencies ------------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, list[str]]:
    """The locked versions by library."""
    found: dict[str, list[str]] = {}
    for library, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", read(name), re.MULTILINE):
        found.setdefault(normal(library), []).append(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    entries = re.split(r"\n(?=[\w.-]+==)", read(name))[1:]
    assert len(entries) > 40
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in read(name)
    assert not re.search(r"^\s*-(?!-hash)", read(name), re.MULTILINE), "only names and hashes stand in a lock"


def test_both_locks_have_the_same_versions_of_what_runs() -> None:
    runtime, dev = (locked(name) for name in LOCKS)
    assert {library: dev.get(library) for library in runtime} == runtime


def test_what_is_declared_is_locked() -> None:
    groups = project()["dependency-groups"]
    runtime = [*project()["project"]["dependencies"], *groups["build"]]
    for name, wanted in zip(LOCKS, (runtime, [*runtime, *groups["dev"]]), strict=True):
        libraries = {normal(re.split(r"[\[<>=~!]", requirement)[0]) for requirement in wanted}
        assert libraries <= set(locked(name)), name


def test_what_is_imported_is_declared() -> None:
    declared = {normal(re.split(r"[\[<>=~!]", item)[0]) for item in project()["project"]["dependencies"]}
    # What a declared library is made of and gives out as its own.
    declared |= {
        "flask",
        "werkzeug",
        "fsspec",
        "google-cloud-bigquery-storage",
        "google-auth",
        "google-api-core",
        "click",
        "backports-zstd",
        "aiohttp",
        "grpcio",
        "requests",
    }
    own = {"qod", "dashboard", "pages"}
    installed = packages_distributions()
    wrong = set()
    for package in own:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
                for top in {name.split(".")[0] for name in names} - own - set(sys.stdlib_module_names):
                    if not declared & {normal(name) for name in installed.get(top, [top])}:
                        wrong.add(f"{path.relative_to(ROOT)}: {top}")
    assert not wrong


# -- the image ---------------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """(instruction, arguments) of the Dockerfile, comments left out and continued lines joined."""
    text = re.sub(r"^\s*#[^\n]*\n", "", read("Dockerfile"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in text.splitlines() if line.strip()]


def final_stage() -> list[tuple[str, str]]:
    steps = instructions()
    last = max(index for index, (name, _) in enumerate(steps) if name == "FROM")
    return steps[last:]


def test_the_image_has_two_stages_of_the_same_python() -> None:
    stages = [arguments.split()[0] for name, arguments in instructions() if name == "FROM"]
    assert len(stages) == 2
    assert len(set(stages)) == 1
    assert stages[0].startswith("python:3.11-slim")


def test_the_image_runs_as_nobody_in_particular_and_hands_signals_on() -> None:
    steps = dict(final_stage())
    assert steps["USER"] not in ("root", "0")
    assert steps["CMD"].startswith("[")
    assert "exec vigie serve" in steps["CMD"]
    assert [name for name, _ in final_stage()][-1] == "CMD"


def test_the_image_installs_only_what_has_a_hash_and_builds_nothing() -> None:
    runs = [arguments for name, arguments in instructions() if name == "RUN"]
    installs = [part for run in runs for part in run.split("&&") if "pip install" in part]
    assert installs
    for install in installs:
        assert "--require-hashes" in install or "--no-deps --no-build-isolation" in install, install
    assert not [run for run in runs if re.search(r"\b(apt-get|gcc|build-essential)\b", run)]
    assert any("compileall" in run for run in runs)
    assert not [arguments for name, arguments in final_stage() if name == "RUN" and "pip" in arguments]


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignore = read(".dockerignore").split()
    assert ignore[ignore.index("*")] == "*"
    allowed = {line[1:] for line in ignore if line.startswith("!")}
    copied = set()
    for name, arguments in instructions():
        if name == "COPY" and not arguments.startswith("--from"):
            copied |= set(arguments.split()[:-1])
    assert copied <= allowed, "the build context must hold what is copied"
    for source in copied:
        assert (ROOT / source).exists(), source
    assert {"qod", "dashboard", "pages", "queries", "assets"} <= copied


def test_the_wheel_holds_what_the_image_copies() -> None:
    shipped = set(project()["tool"]["hatch"]["build"]["only-include"])
    assert shipped == {"qod", "dashboard", "pages", "queries", "assets"}


# -- make, continuous integration, README ------------------------------------------------------------------


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))


def test_every_target_explains_itself() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets()
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in told.splitlines() if line.startswith("  make ")} == targets()


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", ".ci/run", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_every_make_command_that_is_named_exists(name: str) -> None:
    named = re.findall(r"(?:^|`|\n {4})make ([a-z][a-z-]*)", read(name))
    assert set(named) <= targets(), name


def test_continuous_integration_runs_the_three_checks() -> None:
    script = read(".ci/run")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert "set -euo pipefail" in script
    assert re.findall(r"^make (\S+)$", script, re.MULTILINE) == ["lint", "types", "test"]


def documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        found = path.parent / file if file else path
        assert found.exists(), f"{path.name}: {target}"
        if anchor and found.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_the_readme_shows_the_product_and_its_two_commands() -> None:
    text = read("README.md")
    assert re.search(r"!\[[^\]]+\]\(docs/img/[\w-]+\.png\)", text)
    assert re.search(r"^ {4}make demo", text, re.MULTILINE)
    assert re.search(r"^ {4}make test", text, re.MULTILINE)
