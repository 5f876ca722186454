"""MODEL.toml: its defaults, and that everything wrong is refused with file, key and what was expected."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.registry import KEYS, Key, read_model, read_models
from qod.contract import DELIVERY_COLUMNS, TABLES
from qod.errors import InputError

NOW = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)
EXAMPLE = Path(__file__).parent.parent / "examples" / "churn.toml"
LEAST = 'model_id = "churn"\ntask = "binary"\n'


def _write(folder: Path, text: str, name: str = "churn.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_keys_are_the_columns_of_models() -> None:
    columns = [c for c in TABLES["models"].names if c not in (*DELIVERY_COLUMNS, "registered_at")]
    assert [key.name for key in KEYS] == columns


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_key_is_declared_whole(key: Key) -> None:
    assert key.meaning
    assert key.default
    kinds = {"STRING": "text", "INT64": "whole number", "JSON": "table"}
    assert kinds[TABLES["models"].column(key.name).type] == key.kind


def test_example_has_every_key_and_is_accepted() -> None:
    row = read_model(EXAMPLE)
    assert all(row[key.name] is not None for key in KEYS)
    assert json.loads(row["policy"]) == {"drift": {"amber": 0.15, "red": 0.3}, "missing": {"amber": 0.02}}


def test_defaults(tmp_path: Path) -> None:
    row = read_model(_write(tmp_path, LEAST))
    assert row == {
        "model_id": "churn",
        "name": "churn",
        "description": None,
        "team": None,
        "owner_email": None,
        "task": "binary",
        "cadence": "P1D",
        "cohort": "month",
        "outcome_window_days": 0,
        "links": None,
        "policy": None,
        "retrain": None,
    }


@pytest.mark.parametrize(
    ("cadence", "cohort"), [("P1D", "month"), ("P6D", "month"), ("P7D", "batch"), ("P1W", "batch"), ("P1M", "batch")]
)
def test_cohort_is_a_batch_from_a_week_on(cadence: str, cohort: str, tmp_path: Path) -> None:
    assert read_model(_write(tmp_path, f'{LEAST}cadence = "{cadence}"'))["cohort"] == cohort
    assert read_model(_write(tmp_path, f'{LEAST}cadence = "{cadence}"\ncohort = "week"'))["cohort"] == "week"


def test_table_of_several_files(tmp_path: Path) -> None:
    other = _write(tmp_path, 'model_id = "upsell"\ntask = "regression"', "upsell.toml")
    table = read_models([_write(tmp_path, LEAST), other], now=NOW)
    assert table.column("model_id").to_pylist() == ["churn", "upsell"]
    assert table.column("registered_at").to_pylist() == [NOW, NOW]
    assert set(table.column_names) == set(TABLES["models"].names) - set(DELIVERY_COLUMNS)


def test_same_model_in_two_files_is_refused(tmp_path: Path) -> None:
    first, second = _write(tmp_path, LEAST, "a.toml"), _write(tmp_path, LEAST, "b.toml")
    with pytest.raises(InputError, match=r"b\.toml: model_id 'churn' stands in .*a\.toml too"):
        read_models([first, second], now=NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["'model_id' is missing"]),
        ('model_id = "churn"', ["'task' is missing", "binary, multiclass, regression"]),
        (LEAST + 'cadance = "P1D"', ["no key 'cadance'", "'cadence'"]),
        ('model_id = 7\ntask = "binary"', ["'model_id' is 7", "text in quotes"]),
        ('model_id = " "\ntask = "binary"', ["model_id", "needs a name"]),
        ('model_id = "a\\u001bb"\ntask = "binary"', ["model_id", "control character"]),
        ('model_id = "churn"\ntask = "ranking"', ["'task' is 'ranking'", "binary, multiclass, regression"]),
        (LEAST + 'cadence = "daily"', ["cadence", "'daily'", "P1D"]),
        (LEAST + 'cadence = "PT1H"', ["cadence", "'PT1H'", "P1D"]),
        (LEAST + 'cohort = "year"', ["'cohort' is 'year'", "batch, week, month"]),
        (LEAST + "outcome_window_days = 1.5", ["outcome_window_days", "1.5", "whole number"]),
        (LEAST + "outcome_window_days = true", ["outcome_window_days", "True", "whole number"]),
        (LEAST + "outcome_window_days = -1", ["outcome_window_days", "-1", "from 0"]),
        (LEAST + "outcome_window_days = 99999999999999999999", ["outcome_window_days", "36,500"]),
        (LEAST + 'owner_email = "ada"', ["owner_email", "'ada'", "ada@example.org"]),
        (LEAST + 'links = "https://x"', ["'links'", "a table: [links]"]),
        (LEAST + '[links]\nrunbook = "javascript:alert(1)"', ["links.runbook", "javascript", "https://"]),
        (LEAST + "[policy.drfit]\namber = 0.1", ["policy", "'drfit'", "drift"]),
        (LEAST + "[policy.drift]\nambr = 0.1", ["policy", "drift.ambr", "drift.amber"]),
        (LEAST + '[policy.drift]\namber = "high"', ["policy", "drift.amber", "'high'"]),
        (LEAST + "[policy.drift]\namber = 0.5\nred = 0.2", ["policy", "0.5", "0.2"]),
        (LEAST + "[policy.drift]\namber = nan", ["policy", "drift.amber"]),
        (LEAST + "[retrain]\nleast = inf", ["retrain.least", "finite"]),
        ("model_id = churn", ["not TOML", "line 1"]),
        ('model_id = "a"\nmodel_id = "b"', ["not TOML"]),
    ],
)
def test_wrong_files_are_refused(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_model(_write(tmp_path, text))
    for word in ["churn.toml", *words]:
        assert word in str(caught.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    binary = tmp_path / "model.toml"
    binary.write_bytes(b"\xff\xfe\x00m")
    for path, words in ((binary, "UTF-8"), (tmp_path / "none.toml", "no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(InputError, match=words):
            read_model(path)


def test_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.encode())
    assert read_model(path)["model_id"] == "churn"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/b\\c",
        "\"'`",
        "<script>alert(1)</script>",
        "é" * 300,
        "📞 فاتورة",
        "عميل",
        "-x",
        "a\u202eb",
    ],
)
def test_names_of_any_kind_come_through(name: str, tmp_path: Path) -> None:
    quoted = json.dumps(name, ensure_ascii=False)
    path = _write(tmp_path, f"model_id = {quoted}\ntask = 'binary'\n[links]\n{quoted} = 'https://x'")
    row = read_model(path)
    assert row["model_id"] == row["name"] == name
    assert json.loads(row["links"]) == {name: "https://x"}
