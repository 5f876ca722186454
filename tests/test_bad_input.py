"""Bad input ends in a sentence that says where, and never in a half-written table or a wrong colour."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from qod.errors import InputError
from qod.names import check_name
from tests.commands import measures, rows, status, vigie

BATCH: Final = ("batch", "loan", "v1", "2026-11-19")
AS_SCORED: Final = ("--id", "id", "--score", "score")
DAY: Final = ("evaluate", "--as-of", "2026-11-19")

NAMES: Final = (
    'it\'s "quoted" `so`',
    "../../../etc/passwd",
    "a/b\\c?d=e&f#g%2F",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "very " * 59 + "long!",
    "📞 facture 🇫🇷",
    "رقم العميل",
    "a\u202eb",
    ".",
    "..",
    "-x --help",
    "[bold red]model[/] {x} %s $y @z",
    "DROP TABLE models; --",
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model, its reference and one good batch, evaluated."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "loan.toml").write_text('model_id = "loan"\ntask = "binary"\ncohort = "batch"\n')
    pq.write_table(rows(2000, 0), folder / "train.parquet")
    pq.write_table(rows(500, 1), folder / "good.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        vigie("register", "loan.toml")
        vigie(
            "reference", "loan", "v1", "train.parquet", "--exclude", "id", *("--score", "score"), "--outcome", "churned"
        )
        vigie("batch", "loan", "v1", "2026-11-18", "good.parquet", *AS_SCORED)
        vigie("evaluate", "--as-of", "2026-11-18")
        assert status()[0]["colour"] == "green"
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(prepared, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def good() -> pa.Table:
    return rows(500, 2)


def with_column(name: str, values: list[Any] | pa.Array) -> Callable[[Path], Path]:
    """A writer of a good batch but for one column."""

    def write(folder: Path) -> Path:
        table = good()
        pq.write_table(table.set_column(table.column_names.index(name), name, pa.array(values)), folder / "bad.parquet")
        return folder / "bad.parquet"

    return write


def changed(name: str, place: int, value: Any) -> Callable[[Path], Path]:
    """A writer of a good batch but for one cell."""
    values = good().column(name).to_pylist()
    values[place] = value
    return with_column(name, values)


def as_text(change: Callable[[list[str]], list[str]], name: str = "bad.csv") -> Callable[[Path], Path]:
    """A writer of a good batch as CSV, its lines changed (line 0 is the header)."""

    def write(folder: Path) -> Path:
        pyarrow.csv.write_csv(good(), folder / "good.csv")
        lines = change((folder / "good.csv").read_text().splitlines())
        data = "".join(f"{line}\n" for line in lines).encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return folder / name

    return write


def cut(writer: Callable[[Path], Path], share: float = 0.5) -> Callable[[Path], Path]:
    """The same file, cut off."""

    def write(folder: Path) -> Path:
        path = writer(folder)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return write


def good_parquet(folder: Path) -> Path:
    pq.write_table(good(), folder / "bad.parquet")
    return folder / "bad.parquet"


def overwritten(writer: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """The same file at its full length, all but its first and last bytes overwritten."""

    def write(folder: Path) -> Path:
        path = writer(folder)
        data = path.read_bytes()
        path.write_bytes(data[:4] + b"\xff" * (len(data) - 12) + data[-8:])
        return path

    return write


def of_bytes(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def edited(line: int, cell: int, text: str) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        cells = lines[line].split(",")
        cells[cell] = text
        return [*lines[:line], ",".join(cells), *lines[line + 1 :]]

    return change


def without(*names: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        pq.write_table(good().drop_columns(list(names)), folder / "bad.parquet")
        return folder / "bad.parquet"

    return write


REFUSED: Final[dict[str, tuple[Callable[[Path], Path], list[str]]]] = {
    "no such file": (lambda folder: folder / "absent.csv", ["absent.csv", "no such file"]),
    "a folder": (lambda folder: folder, ["folder, not a file"]),
    "an empty file": (of_bytes("bad.csv", b""), ["bad.csv", "empty"]),
    "an empty gzip": (of_bytes("bad.csv.gz", gzip.compress(b"")), ["bad.csv.gz", "empty"]),
    "a header alone": (as_text(lambda lines: lines[:1]), ["bad.csv", "no rows"]),
    "a Parquet cut off": (cut(with_column("age", good()["age"].to_pylist())), ["bad.parquet", "Parquet"]),
    "a Parquet of a few bytes": (of_bytes("bad.parquet", b"PAR1"), ["bad.parquet", "Parquet"]),
    "a gzip cut off": (cut(as_text(lambda lines: lines, "bad.csv.gz")), ["bad.csv.gz", "gzip", "cut off"]),
    "no text": (of_bytes("bad.csv", b"id,score\n1,0.5\n\xe9,0.5\n"), ["bad.csv", "row 2", "UTF-8"]),
    "a score that is missing": (without("score"), ["bad.parquet", "'score' was not found"]),
    "an identifier that is missing": (without("id"), ["bad.parquet", "'id' was not found"]),
    "two bytes a letter": (of_bytes("bad.csv", "id,score\n1,0.5\n".encode("utf-16")), ["bad.csv", "UTF-8"]),
    "text for numbers": (with_column("age", ["forty"] * 500), ["bad.parquet", "row 1", "'age'", "'forty'"]),
    "a word among numbers": (as_text(edited(7, 1, "forty")), ["bad.csv", "row 7", "'age'", "'forty'"]),
    "a missing word of another tool": (as_text(edited(7, 1, "#N/A")), ["row 7", "'#N/A'", "NA, NaN, nan, NULL"]),
    "a decimal comma": (as_text(edited(9, 1, '"4,5"')), ["bad.csv", "row 9", "'age'", "'4,5'"]),
    "a cell too many": (as_text(edited(4, 1, "1,2")), ["bad.csv", "row 4", "6 cells"]),
    "a column twice": (as_text(edited(0, 1, '"score"')), ["bad.csv, column 'score': the name stands 2 times"]),
    "a Parquet damaged": (overwritten(good_parquet), ["bad.parquet", "is damaged", "send it again"]),
    "a comment above the header": (
        as_text(lambda lines: ["# made by hand", *lines]),
        ["bad.csv", "row 1", "5 cells", "1 column.", "first line", "'# made by hand'"],
    ),
    "a separator above the header": (as_text(lambda lines: ["sep=,", *lines]), ["bad.csv", "'sep='", "first line"]),
    "a quote left open": (
        as_text(lambda lines: edited(9, 2, '"C')(edited(4, 2, '"A')(lines))),
        ["bad.csv", "row 4", "a quote may open in this row"],
    ),
    "an infinite score": (changed("score", 3, float("inf")), ["bad.parquet", "row 4", "'score'", "infinite"]),
    "a row without identifier": (changed("id", 8, None), ["bad.parquet", "row 9", "'id'"]),
    "a line that is no JSON": (of_bytes("bad.ndjson", b'{"id": "1", "score": 0.5}\n{"id"\n'), ["bad.ndjson", "row 2"]),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_in_one_sentence_and_nothing_written(kind: str, folder: Path) -> None:
    writer, words = REFUSED[kind]
    path = writer(folder)
    before, seen = contents(folder), status()
    result = vigie(*BATCH, path, *AS_SCORED, code=1)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    for word in ["Error: ", "Hint: ", *words]:
        assert word in result.stderr
    assert ".." not in result.stderr
    assert contents(folder) == before
    assert status() == seen


@pytest.mark.parametrize(
    "kind", ["an empty file", "a header alone", "a Parquet cut off", "a gzip cut off", "a cell too many"]
)
def test_training_rows_are_refused_alike(kind: str, folder: Path) -> None:
    writer, words = REFUSED[kind]
    path = writer(folder)
    before = contents(folder)
    result = vigie("reference", "loan", "v1", path, "--exclude", "id", code=1)
    assert len(result.stderr.splitlines()) == 1
    for word in words:
        assert word in result.stderr
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("batch", "loan", "v2", "2026-11-19", "good.parquet"), ["version", "'v2'", "vigie reference loan v2 FILE"]),
        (("batch", "loan", "v9", "2026-11-19", "good.parquet"), ["Error: model 'loan' has no version 'v9'."]),
        (("batch", "loan", "v1", "2026-11-19", "good.parquet", "--score", "plan"), ["good.parquet, row 1", "'plan'"]),
        (("batch", "laon", "v1", "2026-11-19", "good.parquet"), ["'laon'", "'loan'"]),
        (("reference", "laon", "v1", "train.parquet"), ["'laon'", "'loan'"]),
        (("outcomes", "laon", "good.parquet", "--id", "id", "--outcome", "churned"), ["'laon'", "'loan'"]),
        (("reference", "loan", "v2", "train.parquet", "--exclude", "ide"), ["train.parquet", "'ide'", "'id'"]),
        (("reference", "loan", "v2", "train.parquet", "--score", "scor"), ["train.parquet", "'scor'", "'score'"]),
        (("reference", "loan", "v2", "train.parquet", "--score", "score", "--outcome", "plan"), ["row 1", "'plan'"]),
        (("reference", "loan", "v2", "train.parquet", "--numeric", "plan"), ["row 1", "'plan'"]),
        (("batch", "loan", "v1", "2026-11-19", "good.parquet", "--segment", "paln"), ["'paln'", "'plan'"]),
        (("history", "loan", "v1", "good.parquet", "--date", "plan", "--every", "day"), ["row 1", "'plan'"]),
        (("history", "loan", "v1", "good.parquet", "--date", "dya", "--every", "day"), ["good.parquet", "'dya'"]),
        (("outcomes", "loan", "good.parquet", "--id", "id", "--outcome", "plan"), ["row 1", "'plan'"]),
        (
            ("history", "loan", "v1", "bigquery://p/d/t", "--date", "d", "--every", "day"),
            ["bigquery://p/d/t: ", "a file"],
        ),
        (("outcomes", "loan", "gs://b/t.csv", "--id", "id", "--outcome", "o"), ["gs://b/t.csv: ", "path of a file"]),
        (("batch", "a\x1bb", "v1", "2026-11-19", "good.parquet"), ["a\\x1bb"]),
        (("reference", "loan", "a\nb", "train.parquet"), ["control character"]),
        (("reference", "loan", "", "train.parquet"), ["name"]),
    ],
)
def test_names_and_columns_that_are_not_there(args: tuple[str, ...], words: list[str], folder: Path) -> None:
    before = contents(folder)
    result = vigie(*args, code=1)
    assert len(result.stderr.splitlines()) == 1
    for word in ["Error: ", *words]:
        assert word in result.stderr
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("id,y\n2-0,1\n2-1,maybe\n", (), ["row 2", "'y'", "'maybe'"]),
        ("id,y\n2-0,1\n2-0,0\n", (), ["row 2", "'2-0'", "two different outcomes"]),
        ("id,y\n2-0,1\n,0\n", (), ["row 2", "'id'"]),
        (
            "id,y,seen\n2-0,1,2026-11-01\n2-1,0,01/11/2026\n",
            ("--observed", "seen"),
            ["row 2", "'seen'", "'01/11/2026'"],
        ),
        ("id,y,day\n2-0,1,2026-11-01\n2-1,0,1 Nov\n", ("--date", "day"), ["row 2", "'day'", "'1 Nov'"]),
    ],
)
def test_truth_that_cannot_be_is_refused(text: str, options: tuple[str, ...], words: list[str], folder: Path) -> None:
    (folder / "truth.csv").write_text(text)
    before = contents(folder)
    result = vigie("outcomes", "loan", "truth.csv", "--id", "id", "--outcome", "y", *options, code=1)
    for word in ["truth.csv", *words]:
        assert word in result.stderr
    assert contents(folder) == before


def test_mixed_date_formats_are_refused_with_the_row(folder: Path) -> None:
    days = ["2026-11-01"] * 250 + ["01/12/2026"] * 250
    pq.write_table(good().append_column("day", pa.array(days)), "mixed.parquet")
    before = contents(folder)
    result = vigie("history", "loan", "v1", "mixed.parquet", "--date", "day", "--every", "day", code=1)
    assert "mixed.parquet, row 251, column 'day': '01/12/2026' is not a date" in result.stderr
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("writer", "subject", "rule", "colour"),
    [
        (without("age"), "age", "absent", "red"),
        (with_column("age", pa.nulls(500, pa.float64())), "age", "missing", "red"),
        (with_column("plan", pa.nulls(500, pa.string())), "plan", "missing", "red"),
        (with_column("age", [40.0] * 500), "age", "constant", "amber"),
        (with_column("id", ["7"] * 500), "batch", "duplicate_ids", "red"),
        (with_column("plan", [f"new {n}" for n in range(500)]), "plan", "unseen", "red"),
    ],
)
def test_odd_batches_are_taken_and_coloured(
    writer: Callable[[Path], Path], subject: str, rule: str, colour: str, folder: Path
) -> None:
    vigie(*BATCH, writer(folder), *AS_SCORED)
    vigie(*DAY)
    (row,) = status()
    assert row["batch_date"] == "2026-11-19"
    assert row["quality"] == colour
    assert row["colour"] in ("amber", "red")
    found = [finding for finding in findings() if finding["batch_id"] == "2026-11-19"]
    assert (subject, rule, colour) in {(f["subject"], f["rule"], f["colour"]) for f in found}
    assert "no violation" in vigie("check").stdout


def findings() -> list[dict[str, Any]]:
    from qod.warehouse import open_warehouse

    return open_warehouse("warehouse").table("findings").to_pylist()  # type: ignore[no-any-return]


def test_infinities_count_as_missing_and_never_reach_the_tables(folder: Path) -> None:
    values = good().column("age").to_numpy().copy()
    values[:50] = np.inf
    values[50:100] = -np.inf
    values[100:150] = np.nan
    vigie(*BATCH, with_column("age", values)(folder), *AS_SCORED)
    vigie(*DAY)
    assert "no violation" in vigie("check").stdout
    text = vigie("measures", "loan").stdout
    assert "nan" not in text
    assert "inf" not in text
    share = {m["value"] for m in measures("loan") if (m["subject"], m["metric"]) == ("age", "missing_share")}
    assert share <= {0.0, 0.1, 0.3}
    assert len(share) == 2


def test_many_absent_columns_are_one_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loan.toml").write_text('model_id = "loan"\ntask = "binary"\n')
    vigie("register", "loan.toml")
    table = pa.table({f"x{n:02d}": np.random.default_rng(n).normal(size=100) for n in range(15)})
    pq.write_table(table, "train.parquet")
    vigie("reference", "loan", "v1", "train.parquet")
    pq.write_table(table.select(["x00"]), "batch.parquet")
    notes = [line for line in vigie(*BATCH, "batch.parquet").stderr.splitlines() if "absent" in line]
    assert notes == [
        "Note: 14 columns are absent, though the training rows had them: "
        + ", ".join(f"'x{n:02d}'" for n in range(1, 11))
        + " and 4 more."
    ]


def test_an_extra_column_is_a_note(folder: Path) -> None:
    pq.write_table(good().append_column("zip", pa.array(["x"] * 500)), "extra.parquet")
    result = vigie(*BATCH, "extra.parquet", *AS_SCORED)
    assert "Note: " in result.stderr
    assert "'zip'" in result.stderr


def test_ten_thousand_levels(folder: Path) -> None:
    table = rows(10_000, 3)
    table = table.set_column(2, "plan", pa.array([f"level {n}" for n in range(10_000)]))
    pq.write_table(table, "levels.parquet")
    result = vigie("reference", "loan", "v2", "levels.parquet", "--exclude", "id", "--exclude", "churned")
    assert "'plan' looks like an identifier or free text: 10,000 distinct values" in result.stderr
    assert "2 variables" in result.stdout
    result = vigie("reference", "loan", "v2", "levels.parquet", "--exclude", "id", "--categorical", "plan")
    vigie("batch", "loan", "v2", "2026-11-19", "levels.parquet", *AS_SCORED)
    vigie(*DAY)
    assert status()[0]["drift"] == "green"
    assert "no violation" in vigie("check").stdout


def test_truth_of_unknown_ids_is_kept_and_said(folder: Path) -> None:
    (folder / "truth.csv").write_text("id,y\n1-0,1\nnobody,1\n")
    result = vigie("outcomes", "loan", "truth.csv", "--id", "id", "--outcome", "y")
    assert "1 identifier never scored" in result.stderr
    assert "'nobody' in row 2" in result.stderr
    vigie(*DAY)


def test_the_same_delivery_twice_changes_nothing(folder: Path) -> None:
    truth = ("outcomes", "loan", "good.parquet", "--id", "id", "--outcome", "churned")
    vigie(*truth)
    vigie(*DAY)
    once, seen = measures("loan"), status()
    vigie("reference", "loan", "v1", "train.parquet", "--exclude", "id", "--score", "score", "--outcome", "churned")
    vigie("batch", "loan", "v1", "2026-11-18", "good.parquet", *AS_SCORED)
    vigie(*truth)
    vigie(*DAY)
    assert measures("loan") == once
    assert status() == seen
    assert "no violation" in vigie("check").stdout


@pytest.mark.parametrize(
    "writer",
    [
        of_bytes("model.toml", b""),
        of_bytes("model.toml", b"\x00\xff"),
        of_bytes("model.toml", b"model_id = 'x'"),
        of_bytes("model.toml", b"model_id = 'x'\ntask = 'binary'\ncadance = 'P1D'"),
        lambda folder: folder / "absent.toml",
        lambda folder: folder,
    ],
)
def test_bad_registry_files_are_refused(writer: Callable[[Path], Path], folder: Path) -> None:
    path = writer(folder)
    before = contents(folder)
    result = vigie("register", "loan.toml", path, code=1)
    assert len(result.stderr.splitlines()) == 1
    assert path.name in result.stderr
    assert contents(folder) == before


def test_a_damaged_warehouse_is_said_in_one_sentence(folder: Path) -> None:
    for path in (folder / "warehouse" / "standing").rglob("*.parquet"):
        path.write_bytes(b"PAR1 and no more")
    result = vigie("status", code=1)
    assert len(result.stderr.splitlines()) == 1
    assert "vigie check" in result.stderr
    assert "cannot be read" in vigie("check", code=1).stdout


def test_hostile_names_come_back_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep" / "work"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    generator = np.random.default_rng(5)
    columns: dict[str, Any] = {name: generator.normal(size=600) for name in NAMES}
    columns["level"] = [NAMES[n % len(NAMES)] for n in range(600)]
    columns["id"] = [f"{NAMES[n % len(NAMES)]} {n}" for n in range(600)]
    columns["score"] = generator.random(600)
    columns["churned"] = generator.integers(0, 2, 600)
    data = 'the "file" <it\'s>.parquet'
    pq.write_table(pa.table(columns), data)
    new = "<new> 'level' 📞"
    pq.write_table(pa.table({**columns, "level": [new] * 60 + columns["level"][60:]}), "batch.parquet")
    for number, name in enumerate(NAMES):
        quoted = json.dumps(name, ensure_ascii=False)
        Path(f"{number}.toml").write_text(f'model_id = {quoted}\nteam = {quoted}\ntask = "binary"\ncohort = "batch"\n')
    vigie("register", *(f"{number}.toml" for number in range(len(NAMES))))
    before = {path for path in tmp_path.rglob("*") if "warehouse" not in path.parts}
    for name in NAMES:
        vigie("reference", "--exclude", "id", "--score", "score", "--outcome", "churned", "--", name, name, data)
        vigie(
            *("batch", "--batch-id", name, "--id", "id", "--segment", "level", "--"),
            *(name, name, "2026-11-19", "batch.parquet"),
        )
        vigie("outcomes", "--id", "id", "--outcome", "churned", "--", name, "batch.parquet")
    vigie(*DAY)
    found = {row["model_id"]: row for row in status()}
    assert set(found) == set(NAMES)
    for name, row in found.items():
        assert (row["model_version"], row["batch_id"]) == (name, name)
        assert row["quality"] == "red", "a tenth of the rows has a level that training did not have"
    seen = [f for f in findings() if f["rule"] == "unseen" and f["model_id"] == NAMES[0]]
    assert [new in f["facts"] or new in json.dumps(json.loads(f["facts"]), ensure_ascii=False) for f in seen] == [True]
    name = NAMES[3]
    subjects = {m["subject"] for m in json.loads(vigie("measures", "--format", "json", "--", name).stdout)}
    assert subjects == {*NAMES, "level", "score", "prediction", "reconstruction_error", "batch", "model"}
    assert "no violation" in vigie("check").stdout
    assert vigie("status").stdout.count("red") >= len(NAMES)
    assert {path for path in tmp_path.rglob("*") if "warehouse" not in path.parts} == before
    assert {path.name for path in tmp_path.iterdir()} == {"deep"}


def test_a_batch_before_its_version_was_trained_is_kept_apart(folder: Path) -> None:
    # The date of a batch may lie before the day its version came into use; it is a batch like any other.
    vigie("batch", "loan", "v1", date(2020, 1, 1), "good.parquet", *AS_SCORED)
    vigie(*DAY)
    assert status()[0]["batch_date"] == "2026-11-18"
    assert "no violation" in vigie("check").stdout


def test_a_name_of_something_of_a_model_is_called_by_it_once() -> None:
    with pytest.raises(InputError, match=r"^the model's team 'a\\n' has a control character"):
        check_name("model's team", "a\n")
    with pytest.raises(InputError, match=r"^the batch name 'a\\n' has a control character"):
        check_name("batch", "a\n")
    with pytest.raises(InputError, match=r"^the model's team needs a name"):
        check_name("model's team", " ")
