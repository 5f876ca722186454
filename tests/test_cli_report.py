"""vigie report: a file that is whole or not there, and an end that says whether it is complete."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.cli import app
from tests.web.lake import HOSTILE_MODEL, small_fleet


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small fleet."""
    made = tmp_path_factory.mktemp("report")
    small_fleet(made)
    return made


@dataclass(frozen=True, slots=True)
class Done:
    """How the command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """``vigie report`` on the small fleet, run in an empty folder."""
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(folder))
    monkeypatch.chdir(tmp_path)

    def report(*words: str) -> Done:
        code = app(["report", *words], standalone_mode=False)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return report


def test_it_writes_a_file_named_after_the_model_and_the_day(run: Callable[..., Done], tmp_path: Path) -> None:
    done = run("churn-postpaid", "--language", "fr")
    assert (done.returncode, done.stdout) == (0, "")
    (made,) = tmp_path.iterdir()
    assert made.name == "vigie-churn-postpaid-2026-11-19.html"
    assert made.name in done.stderr
    text = made.read_text(encoding="utf-8")
    assert text.startswith('<!DOCTYPE html>\n<html lang="fr"')
    assert text.endswith("</html>\n")
    assert made.stat().st_mode & 0o044 == 0o044 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_hostile_name_makes_a_safe_file_and_stdout_takes_it_too(run: Callable[..., Done], tmp_path: Path) -> None:
    assert run(HOSTILE_MODEL, "--output", "-").stdout.startswith("<!DOCTYPE html>")
    assert run(HOSTILE_MODEL).returncode == 0
    (made,) = tmp_path.iterdir()
    assert made.name.startswith("vigie-a-b-quoted-script-alert-1-script-")


def test_what_was_there_stays_when_the_report_cannot_be_made(run: Callable[..., Done], tmp_path: Path) -> None:
    kept = tmp_path / "report.html"
    kept.write_text("before")
    done = run("churn-pospaid", "--output", str(kept))
    assert done.returncode == 1
    assert "churn-postpaid" in done.stderr
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "--fleet"),
        (["churn-postpaid", "--fleet"], 2, "--fleet"),
        (["--fleet", "--base-url", "javascript:alert(1)"], 2, "https://"),
        (["--fleet", "--format", "pdf"], 2, "html"),
        (["--fleet", "--output", "missing/report.html"], 1, "no folder missing"),
        (["--fleet", "--output", "."], 1, "is a folder"),
    ],
)
def test_wrong_use_is_one_sentence(
    run: Callable[..., Done], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = run(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_fails_is_told_and_the_rest_is_written(
    run: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pages
    from dashboard.web.router import Route

    def fails(request: object) -> list[object]:
        raise RuntimeError("no such thing")

    routes = pages.load()
    monkeypatch.setattr(pages, "load", lambda: {**routes, "inputs": Route(routes["inputs"].page, fails)})  # type: ignore[arg-type]
    done = run("churn-postpaid", "--output", "report.html")
    assert done.returncode == 1
    assert "Inputs could not be drawn: no such thing" in done.stderr
    assert "parts of the report could not be drawn: Inputs." in done.stderr
    assert "Traceback" not in done.stderr
    assert "Performance" in (tmp_path / "report.html").read_text(encoding="utf-8")
