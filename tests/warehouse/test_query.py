"""Query files say what they take, and what they say is held against what they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qod.errors import UnknownNameError
from qod.warehouse import query
from qod.warehouse.lake import LakeWarehouse


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(query, "FOLDER", tmp_path)
    query.load.cache_clear()
    yield tmp_path
    query.load.cache_clear()


def test_a_query_knows_its_parameters_and_tables(folder: Path) -> None:
    (folder / "rows.sql").write_text(
        "-- What: rows of a model.\n-- Param: model_id STRING\n"
        "SELECT b.rows FROM batches AS b WHERE b.model_id = @model_id ORDER BY b.rows\n"
    )
    loaded = query.load("rows")
    assert (loaded.what, dict(loaded.params), loaded.tables) == (
        "rows of a model.",
        {"model_id": "STRING"},
        ("batches",),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT 1", "first line"),
        ("-- What: x.\n-- Param: a INT64\nSELECT 1", "declares"),
        ("-- What: x.\nSELECT @b", "uses"),
    ],
)
def test_a_query_that_lies_about_itself_is_refused(folder: Path, text: str, complaint: str) -> None:
    (folder / "bad.sql").write_text(text)
    with pytest.raises(ValueError, match=complaint):
        query.load("bad")


@pytest.mark.parametrize("name", ["nothing", "../secrets", "a b"])
def test_a_query_that_is_not_there_names_the_nearest(folder: Path, name: str) -> None:
    (folder / "nothings.sql").write_text("-- What: x.\nSELECT 1")
    with pytest.raises(UnknownNameError):
        query.load(name)


def test_parameters_are_bound_never_read_as_sql(folder: Path, tmp_path: Path) -> None:
    (folder / "echo.sql").write_text(
        "-- What: gives back what it gets.\n-- Param: text STRING\n"
        "SELECT @text AS text FROM UNNEST([1]) AS one ORDER BY text\n"
    )
    text = "'; DROP TABLE batches; --"
    assert LakeWarehouse(tmp_path / "lake").query("echo", text=text).to_pylist() == [{"text": text}]


def test_a_wrong_set_of_parameters_is_a_programming_error(folder: Path, tmp_path: Path) -> None:
    (folder / "one.sql").write_text(
        "-- What: x.\n-- Param: a INT64\nSELECT @a AS a FROM UNNEST([1]) AS one ORDER BY a\n"
    )
    lake = LakeWarehouse(tmp_path)
    with pytest.raises(TypeError):
        lake.query("one")
    with pytest.raises(TypeError):
        lake.query("one", a=1, b=2)
