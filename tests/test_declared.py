"""Families of declarations are found from their folder, and refused when they are wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dashboard.declared import declarations
from dashboard.text import Text


def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> str:
    package = f"family_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name, source in files.items():
        (folder / f"{name}.py").write_text(f"from types import SimpleNamespace as New\n{source}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [known for known in sys.modules if known.startswith(package)]:
        monkeypatch.delitem(sys.modules, name)
    return package


def test_members_are_found_by_their_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = family(tmp_path, monkeypatch, b="IT = New(key='b')", a="IT = New(key='a')")
    from types import SimpleNamespace

    assert list(declarations(package, "IT", SimpleNamespace)) == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "message"),
    [("X = 1", "declares no IT"), ("IT = 3", "declares no IT"), ("IT = New(key='b')", "must be the module's name")],
)
def test_a_member_without_a_declaration_or_with_anothers_key_is_refused(
    source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    package = family(tmp_path, monkeypatch, a=source, b="IT = New(key='b')")
    with pytest.raises(ValueError, match=message):
        declarations(package, "IT", SimpleNamespace)


def test_a_text_needs_both_languages() -> None:
    with pytest.raises(ValueError, match="both languages"):
        Text("only", "")
