"""MODEL.toml: its defaults, and that everything wrong is refused with file, key and what was expected."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.registry import KEYS, Key, check_policies, read_entries, read_model
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
    tables = read_entries([_write(tmp_path, LEAST), other], now=NOW)
    assert list(tables) == ["models"]
    table = tables["models"]
    assert table.column("model_id").to_pylist() == ["churn", "upsell"]
    assert table.column("registered_at").to_pylist() == [NOW, NOW]
    assert set(table.column_names) == set(TABLES["models"].names) - set(DELIVERY_COLUMNS)


def test_same_model_in_two_files_is_refused(tmp_path: Path) -> None:
    first, second = _write(tmp_path, LEAST, "a.toml"), _write(tmp_path, LEAST, "b.toml")
    with pytest.raises(InputError, match=r"b\.toml: model_id 'churn' stands in .*a\.toml too"):
        read_entries([first, second], now=NOW)


FLEET = "fleet = true\n[policy.drift]\namber = 0.15\n"


def test_the_fleets_policy_is_a_file_of_its_own(tmp_path: Path) -> None:
    tables = read_entries([_write(tmp_path, FLEET, "fleet.toml"), _write(tmp_path, LEAST)], now=NOW)
    assert tables["models"].column("model_id").to_pylist() == ["churn"]
    (row,) = tables["policies"].to_pylist()
    assert (row["policy_id"], json.loads(row["policy"]), row["registered_at"]) == (
        "fleet",
        {"drift": {"amber": 0.15}},
        NOW,
    )
    assert set(tables["policies"].column_names) == set(TABLES["policies"].names) - set(DELIVERY_COLUMNS)
    (nothing,) = read_entries([_write(tmp_path, "fleet = true", "calm.toml")], now=NOW)["policies"].to_pylist()
    assert nothing["policy"] == "{}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fleet = false", ["'fleet' is false", "true, in the file"]),
        ("fleet = 1", ["'fleet' is 1"]),
        ('fleet = true\nmodel_id = "churn"', ["'model_id' has no place beside fleet = true"]),
        ("fleet = true\npolicy = 3", ["'policy' is 3", "a table: [policy]"]),
        ("fleet = true\n[policy.drfit]\namber = 0.1", ["'drfit'", "drift"]),
        ("fleet = true\n[policy.drift]\namber = 0.5\nred = 0.2", ["drift.amber (0.5)", "drift.red (0.2)"]),
        ("fleet = true\n[policy.drift]\namber = inf", ["drift.amber", "inf"]),
        ("fleet = true\n[policy.drift]\namber = 0.3", ["'policy'", "amber (0.3)", "red (0.25)", "set both"]),
        ("fleat = true", ["no key 'fleat'", "'fleet'"]),
    ],
)
def test_a_wrong_policy_of_the_fleet_is_refused(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_entries([_write(tmp_path, text, "fleet.toml")], now=NOW)
    for word in ["fleet.toml", *words]:
        assert word in str(caught.value)


def test_there_is_one_policy_of_the_fleet(tmp_path: Path) -> None:
    files = [_write(tmp_path, FLEET, "a.toml"), _write(tmp_path, FLEET, "b.toml")]
    with pytest.raises(InputError, match=r"b\.toml: the fleet's policy stands in .*a\.toml too"):
        read_entries(files, now=NOW)


def test_policies_that_contradict_each_other_together_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    strict = _write(tmp_path, LEAST + "[policy.drift]\nred = 0.12")
    fleet = _write(tmp_path, FLEET, "fleet.toml")
    own, of_fleet = (read_entries([path], now=NOW) for path in (strict, fleet))
    stored = {"policies": of_fleet["policies"].to_pylist(), "models": own["models"].to_pylist()}
    check_policies(own, policies=[], models=[])
    check_policies(of_fleet, policies=[], models=[])
    together = r"model 'churn': drift\.amber \(0\.15\) must be no higher than drift\.red \(0\.12\).*change one of them"
    for tables, policies, models in (
        (own, stored["policies"], []),
        (of_fleet, [], stored["models"]),
        (own | of_fleet, [], []),
    ):
        with pytest.raises(InputError, match=together):
            check_policies(tables, policies=policies, models=models)
    for tables, (policies, models), files, named in (
        (own, (stored["policies"], []), [strict], strict),
        (of_fleet, ([], stored["models"]), [fleet], fleet),
        (own | of_fleet, ([], []), [strict, fleet], fleet),
    ):
        with pytest.raises(InputError) as caught:
            check_policies(tables, files=files, policies=policies, models=models)
        assert str(caught.value).startswith(f"{named}: the key 'policy'")
    # The new entry of either counts, not the one it replaces.
    check_policies(read_entries([_write(tmp_path, LEAST)], now=NOW), **stored)
    check_policies(read_entries([_write(tmp_path, "fleet = true", "calm.toml")], now=NOW), **stored)


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
        (LEAST + "outcome_window_days = true", ["outcome_window_days", "is true", "whole number"]),
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
        (LEAST + "[policy.rules]\nunsen = false", ["policy", "'unsen'", "unseen"]),
        (LEAST + "[policy.variables.tenure.drift]\namber = 0.4\nred = 0.3", ["policy", "variable 'tenure'", "0.4"]),
        (LEAST + "[policy.variables.tenure.row_count]\nlow = 0.1", ["policy", "row_count.low", "whole model"]),
        (LEAST + '[retrain]\ntarget = "webhook"\nconf.least = inf', ["retrain.conf.least", "finite"]),
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
