"""Reading rows: every format alike, types by the whole column, and a sentence for every broken file."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qod import csvfile, ndjsonfile
from qod.errors import InputError, UnknownNameError
from qod.source import open_source
from qod.spill import Spill

FRAME = pd.DataFrame(
    {
        "age": [31, 42, 57],
        "load": [0.1, None, 1e-7],
        "plan": ["A", None, 'é, "x"\n'],
        "vip": [True, False, True],
        "day": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)],
    }
)


def write(path: Path, frame: pd.DataFrame) -> Path:
    if ".csv" in path.name:
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.assign(day=frame["day"].astype(str)).to_json(path, orient="records", lines=True)
    return path


def save(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.ndjson", "x.jsonl.gz", "x.parquet"])
def test_every_format_reads_the_same(tmp_path: Path, name: str) -> None:
    with open_source(write(tmp_path / name, FRAME)) as source:
        assert (source.rows, source.names) == (3, ("age", "load", "plan", "vip", "day"))
        assert source.column("age").type == pa.int64()
        assert source.column("load").to_pylist() == [0.1, None, 1e-7]
        assert source.column("plan").to_pylist() == ["A", None, 'é, "x"\n']
        assert source.column("vip").to_pylist() == [True, False, True]
        assert [str(day) for day in source.column("day").to_pylist()] == ["2026-01-01", "2026-01-02", "2026-01-03"]


def test_frames_and_tables_are_read_as_they_are() -> None:
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    for data in (FRAME, table, FRAME.set_index(pd.Index([7, 8, 9]))):
        source = open_source(data)
        assert source.rows == 3
        assert source.column("load").to_pylist() == [0.1, None, 1e-7]
        assert source.column("age").to_pylist() == [31, 42, 57]


def test_a_frame_column_of_mixed_types_becomes_text() -> None:
    frame = pd.DataFrame({"x": pd.Series([1, "a", None, 2.0, True, np.float64(0.5), pd.NA], dtype=object)})
    assert open_source(frame).column("x").to_pylist() == ["1", "a", None, "2", "true", "0.5", None]


def test_the_content_decides_what_a_file_is_not_its_name(tmp_path: Path) -> None:
    packed = save(tmp_path / "x.csv", gzip.compress(b"a,b\n1,2\n"))
    parquet = tmp_path / "no suffix"
    FRAME.to_parquet(parquet)
    lines = save(tmp_path / "x.txt", '{"a": 1}\n')
    for path, names in ((packed, ("a", "b")), (parquet, tuple(FRAME.columns)), (lines, ("a",))):
        with open_source(path) as source:
            assert source.names == names


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1", "2", "NA"], pa.int64(), [1, 2, None]),
        (["1", "2.5", "NaN"], pa.float64(), [1.0, 2.5, None]),
        (["1", "x", "N/A"], pa.string(), ["1", "x", None]),
        (["1", '"NA"'], pa.string(), ["1", "NA"]),
        ([" 1", "2 "], pa.int64(), [1, 2]),
        (["1 ", "x"], pa.string(), ["1 ", "x"]),
        (["True", "FALSE", "null"], pa.bool_(), [True, False, None]),
        (["True", "maybe"], pa.string(), ["True", "maybe"]),
        (["007", "8"], pa.string(), ["007", "8"]),
        (["0", "-1"], pa.int64(), [0, -1]),
        (["0x1F"], pa.string(), ["0x1F"]),
        (["12345678901234567890"], pa.string(), ["12345678901234567890"]),
        (["1e3", "inf", "-inf"], pa.float64(), [1000.0, np.inf, -np.inf]),
        (["2026-01-02"], pa.date32(), [date(2026, 1, 2)]),
        (["2026-01-02", "02/01/2026"], pa.string(), ["2026-01-02", "02/01/2026"]),
        (["NA", "NULL"], pa.null(), [None, None]),
        (["1,5"], pa.string(), ["1,5"]),
    ],
)
def test_a_csv_column_has_the_type_of_all_its_values(
    tmp_path: Path, cells: list[str], kind: pa.DataType, values: list[object]
) -> None:
    quoted = [cell if cell[:1] == '"' or "," not in cell else f'"{cell}"' for cell in cells]
    path = save(tmp_path / "x.csv", "k,v\n" + "".join(f"r,{cell}\n" for cell in quoted))
    with open_source(path) as source:
        assert source.column("v").type == kind
        assert source.column("v").to_pylist() == values
        assert source.raw("v").type in (pa.string(), pa.null())


def test_numbers_are_read_to_the_last_bit(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=500) * 10.0 ** np.arange(-250, 250)
    path = save(tmp_path / "x.csv", "v\n" + "".join(f"{v!r}\n" for v in values.tolist()))
    with open_source(path) as source:
        assert source.column("v").to_pylist() == values.tolist()


def test_a_late_value_decides_the_type_even_in_another_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(ndjsonfile, "BLOCK_BYTES", 1 << 10)
    rows = [*range(2_000), "x", *range(2_000)]
    paths = [
        save(tmp_path / "x.csv", "v\n" + "".join(f"{v}\n" for v in rows)),
        save(tmp_path / "x.ndjson", "".join(json.dumps({"v": v}) + "\n" for v in rows)),
    ]
    for path in paths:
        with open_source(path) as source:
            assert source.column("v").to_pylist() == [str(v) for v in rows]


def test_json_keys_may_come_and_go_and_change_their_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjsonfile, "BLOCK_BYTES", 10)
    lines = ['{"a": 1}', '{"b": "2026-01-01", "a": 2.5}', "", '{"b": "x", "a": null}', '{"a": NaN}', '{"c": [1]}']
    with open_source(save(tmp_path / "x.ndjson", "\n".join(lines))) as source:
        assert source.names == ("a", "b", "c")
        assert source.column("a").to_pylist()[:3] == [1.0, 2.5, None]
        assert source.column("b").to_pylist() == [None, "2026-01-01", "x", None, None]


def test_a_byte_order_mark_and_empty_first_lines_are_no_part_of_the_header(tmp_path: Path) -> None:
    for data in (b"\xef\xbb\xbfa,b\n1,2\n", b"\n\na,b\r\n1,2\r\n"):
        with open_source(save(tmp_path / "x.csv", data)) as source:
            assert (source.names, source.rows, source.column("a").to_pylist()) == (("a", "b"), 1, [1])
    with open_source(save(tmp_path / "x.ndjson", b'\xef\xbb\xbf{"a":1}')) as source:
        assert source.names == ("a",)


def test_a_column_without_a_name_is_left_out_with_a_note(tmp_path: Path) -> None:
    with open_source(save(tmp_path / "x.csv", ",b\n0,1\n1,2\n")) as source:
        assert source.names == ("b",)
        assert "Column 1 has no name" in source.notes[0]


def test_names_may_be_anything(tmp_path: Path) -> None:
    names = ["a.b", "a", "../x", "<script>", 'O\'Brien "q"', "é😀", "n" * 300]
    frame = pd.DataFrame({name: [place] for place, name in enumerate(names)})
    for path in (tmp_path / "x.csv", tmp_path / "x.parquet"):
        frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_parquet(path)
        with open_source(path) as source:
            assert source.names == tuple(names)
            assert [source.column(name).to_pylist() for name in names] == [[place] for place in range(len(names))]


def _latin(path: Path) -> None:
    path.write_bytes("plan,name\nA,x\nB,é\n".encode("latin-1"))


def _cut_parquet(path: Path) -> None:
    FRAME.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-30])


def _cut_gzip(path: Path) -> None:
    data = gzip.compress("".join(f"{i},{i * i}\n" for i in range(50_000)).encode())
    path.write_bytes(data[: len(data) // 2])


BROKEN: dict[str, tuple[str, bytes | Callable[[Path], object], tuple[str, ...]]] = {
    "empty": ("x.csv", b"", ("empty",)),
    "blank": ("x.csv", b"\n\n", ("empty",)),
    "header only": ("x.csv", b"a,b\n", ("no rows",)),
    "header only, json": ("x.ndjson", b"\n", ("no rows",)),
    "long row": ("x.csv", b"a,b\n1,2\n\n3,4,5\n", ("row 2", "3 cells", "2 columns")),
    "short row": ("x.csv", b"a,b\n1\n", ("row 1", "1 cell ")),
    "same name twice": ("x.csv", b"a,b,a\n1,2,3\n", ("'a'", "2 times")),
    "semicolons": ("x.csv", b"a;b\n1;2\n", ("semicolons", "commas")),
    "tabs": ("x.csv", b"a\tb\n1\t2\n", ("tabs",)),
    "not utf-8": ("x.csv", _latin, ("row 2", "column 'name'", "UTF-8")),
    "header not utf-8": ("x.csv", "é,b\n1,2\n".encode("latin-1"), ("UTF-8",)),
    "utf-16": ("x.csv", "a,b\n1,2\n".encode("utf-16"), ("UTF-16",)),
    "open quote": ("x.csv", b'a,b\n1,2\n5,"x\n3,4\n7,8\n', ("row 2", "column 'b'", "quote")),
    "cut gzip": ("x.csv.gz", _cut_gzip, ("gzip", "cut off")),
    "cut parquet": ("x.parquet", _cut_parquet, ("Parquet",)),
    "misnamed parquet": ("x.parquet", b"a,b\n1,2\n", ("Parquet",)),
    "packed parquet": ("x.parquet.gz", gzip.compress(b"PAR1...."), ("unpack",)),
    "spreadsheet": ("x.csv", b"PK\x03\x04rest", ("spreadsheet",)),
    "broken line": ("x.ndjson", b'{"a": 1}\n{"a": \n{"a": 3}\n', ("row 2", "JSON")),
    "cut line": ("x.ndjson", b'{"a": 1}\n{"a": 2, "b', ("row 2", "JSON")),
    "array": ("x.ndjson", b'[{"a": 1}]\n', ("row 1", "object", "list")),
    "json twice": ("x.ndjson", b'{"a": 1, "a": 2}\n', ("row 1", "'a'", "twice")),
    "json not utf-8": ("x.ndjson", '{"a": 1}\n{"a": "é"}\n'.encode("latin-1"), ("row 2", "UTF-8")),
    "json without keys": ("x.ndjson", b"{}\n", ("no columns",)),
    "no row in parquet": ("x.parquet", lambda path: FRAME.head(0).to_parquet(path), ("no rows",)),
    "parquet without columns": ("x.parquet", lambda path: pq.write_table(pa.table({}), path), ("no columns",)),
    "folder": ("x.csv", lambda path: path.mkdir(), ("folder",)),
    "missing": ("x.csv", lambda path: None, ("no such file",)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_a_sentence_that_says_where(tmp_path: Path, case: str) -> None:
    name, content, said = BROKEN[case]
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_source(path)
    message = str(caught.value)
    assert name in message
    for words in said:
        assert words in message
    assert "\n" not in message


def test_a_parquet_column_damaged_inside_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": range(3000), "b": [str(i) for i in range(3000)]}), path, compression="none")
    data = bytearray(path.read_bytes())
    data[8:40] = bytes(32)
    path.write_bytes(data)
    source = open_source(path)
    with pytest.raises(InputError, match="column 'a'"):
        source.column("a")
    assert len(source.column("b")) == 3000


def test_other_data_is_refused() -> None:
    with pytest.raises(InputError, match="dict cannot be read"):
        open_source({"a": [1]})
    with pytest.raises(InputError, match="2 times"):
        open_source(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(InputError, match="no rows"):
        open_source(pd.DataFrame({"a": []}))


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'plan'"):
        open_source(FRAME).column("plam")


def test_the_temporary_copy_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with open_source(write(tmp_path / "x.csv", FRAME)) as source:
        assert any((tmp_path / "temporary").iterdir())
        values = source.column("load")
    assert not any((tmp_path / "temporary").iterdir())
    assert values.to_pylist()[0] == 0.1
    with pytest.raises(InputError):
        open_source(save(tmp_path / "y.csv", "a,b\n1,2\n3\n"))
    assert not any((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize(
    ("name", "files", "age_days", "stays"),
    [
        ("vigie-abcd1234", ("0.arrow", "1.arrow"), 2, False),
        ("vigie-abcd1235", ("0.arrow",), 0.5, True),
        ("vigie-demo", ("0.arrow", "vigie-demo.json"), 2, True),
        ("vigie-mine", (), 2, True),
        ("other-abcd1234", ("0.arrow",), 2, True),
    ],
)
def test_what_a_killed_command_left_behind_goes_after_a_day(
    name: str, files: tuple[str, ...], age_days: float, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / name).mkdir()
    for file in files:
        (tmp_path / name / file).touch()
    moment = time.time() - age_days * 86_400
    os.utime(tmp_path / name, (moment, moment))
    Spill().close()
    assert [path.name for path in tmp_path.iterdir()] == ([name] if stays else [])
