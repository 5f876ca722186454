"""News: what was delivered of each model since somebody looked, and never too little."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qod.contract import table_from_columns
from qod.warehouse import log, seal
from qod.warehouse.lake import LakeWarehouse
from qod.warehouse.news import Changed
from tests.warehouse.deliveries import DAY, batch_tables, outcomes


def register(lake: LakeWarehouse, *models: str) -> str:
    columns = {
        "model_id": list(models),
        "name": list(models),
        "task": ["binary"] * len(models),
        "cadence": ["P1D"] * len(models),
        "cohort": ["month"] * len(models),
        "outcome_window_days": [60] * len(models),
        "registered_at": [datetime(2026, 1, 1, tzinfo=UTC)] * len(models),
    }
    return lake.deliver({"models": table_from_columns("models", columns)}, kind="registration")


def marks(lake: LakeWarehouse) -> dict[str, str]:
    return {model: held.mark for model, held in lake.news({}).models.items()}


def test_every_registered_model_has_news_and_only_what_came_since_its_mark(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    assert lake.news({}).models == {}
    register(lake, "churn", "fraud")
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    assert {model: held.changes for model, held in lake.news({}).models.items()} == {"churn": None, "fraud": None}
    seen = marks(lake)
    first = lake.news(seen)
    assert {model: held.changes for model, held in first.models.items()} == {"churn": (), "fraud": ()}
    assert {model: held.mark for model, held in first.models.items()} == seen
    delivery = lake.deliver(batch_tables({"b": 6}, day=DAY + timedelta(days=3)), kind="batch")
    news = lake.news(seen)
    day = DAY + timedelta(days=3)
    assert news.models["fraud"].changes == ()
    assert news.models["churn"].changes == (
        Changed(delivery, "batches", "1", "b", day, day),
        Changed(delivery, "batch_variables", "1", "b", day, day),
    )
    assert news.mark > first.mark
    assert lake.news({**seen, "churn": news.models["churn"].mark}).models["churn"].changes == ()


def test_each_model_has_the_news_after_its_own_mark_also_from_a_sealed_log(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn", "fraud")
    lake.deliver(batch_tables({"a": 5}, variables=()), kind="batch")
    seen = marks(lake)
    for batch in ("b", "c"):
        for model in ("churn", "fraud"):
            lake.deliver(batch_tables({batch: 6}, model=model, variables=()), kind="batch")
        seen = seen if batch == "c" else {**seen, "churn": marks(lake)["churn"]}
    loose = lake.news(seen).models
    changed = {model: {change.batch_id for change in held.changes or ()} for model, held in loose.items()}
    assert changed == {"churn": {"c"}, "fraud": {"b", "c"}}
    seal.seal(lake.journal, least=1)
    assert lake.news(seen).models == loose


def test_what_evaluation_itself_writes_is_no_news(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    seen = marks(lake)
    health = {"model_id": ["churn"], "model_version": ["1"], "batch_id": ["a"], "batch_date": [DAY], "subject": ["x"]}
    lake.deliver({"measures": table_from_columns("measures", {**health, "metric": ["psi"]})}, kind="evaluation")
    assert lake.news(seen).models["churn"].changes == ()


@pytest.mark.parametrize("when", ["before", "after", "both"])
def test_folding_is_not_a_change_and_hides_none(tmp_path: Path, when: str) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn", "fraud")
    for i in range(40):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    if when != "after":
        lake.tidy()
    seen = marks(lake)
    if when == "after":
        lake.tidy()
    assert lake.news(seen).models["churn"].changes == ()
    days = [DAY + timedelta(days=i) for i in range(40)]
    sent = [lake.deliver(batch_tables({f"c{i}": i}, day=day), kind="batch") for i, day in enumerate(days)]
    if when != "before":
        lake.tidy()
    changes = LakeWarehouse(tmp_path).news(seen).models["churn"].changes
    assert changes is not None
    batches = [c for c in changes if c.table == "batches"]
    assert [c.delivery_id for c in batches] == sent
    assert [(c.batch_id, c.first, c.last) for c in batches] == [(f"c{i}", day, day) for i, day in enumerate(days)]
    assert lake.news(seen).models["fraud"].changes == ()


def test_a_delivery_of_many_batches_says_the_days_of_each(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    seen = marks(lake)
    days = [DAY + timedelta(days=20 * i) for i in range(5)]
    columns = {"model_id": ["churn"] * 5, "model_version": ["1"] * 5, "batch_id": list("abcde"), "batch_date": days}
    columns |= {"rows": [1] * 5}
    lake.deliver({"batches": table_from_columns("batches", columns)}, kind="history")
    changes = lake.news(seen).models["churn"].changes
    assert changes is not None
    assert [(c.batch_id, c.first, c.last) for c in changes] == [(b, d, d) for b, d in zip("abcde", days, strict=True)]


def test_a_scope_without_rows_has_the_days_of_its_batch(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    lake.deliver(batch_tables({"a": 5}), kind="batch")
    seen = marks(lake)
    delivery = lake.deliver(batch_tables({"a": 5}, variables=()), kind="batch")
    changes = lake.news(seen).models["churn"].changes
    assert changes is not None
    assert Changed(delivery, "batch_variables", "1", "a", DAY, DAY) in changes


def test_truth_over_months_says_its_first_and_last_day_or_none(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    seen = marks(lake)
    late = DAY + timedelta(days=80)
    first = lake.deliver(outcomes(["a", "b"], [DAY, late]), kind="outcomes")
    second = lake.deliver(outcomes(["c", "d"], [DAY, None]), kind="outcomes")
    assert lake.news(seen).models["churn"].changes == (
        Changed(first, "outcomes", None, None, DAY, late),
        Changed(second, "outcomes", None, None, None, None),
    )


@pytest.mark.parametrize("folded", [False, True])
def test_a_delivery_that_becomes_visible_late_is_never_missed(tmp_path: Path, folded: bool) -> None:
    """Its identifier sorts before the mark: what changed cannot be told, so anything may have."""
    lake = LakeWarehouse(tmp_path / "lake")
    register(lake, "churn", "fraud")
    late = lake.deliver(batch_tables({"late": 5}), kind="batch")
    name = f"{late}.json.gz"
    hidden = tmp_path / name
    os.rename(tmp_path / "lake" / "_commits" / name, hidden)
    lake = LakeWarehouse(tmp_path / "lake")
    for i in range(40):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    if folded:
        lake.tidy()
    seen = marks(lake)
    os.rename(hidden, tmp_path / "lake" / "_commits" / name)
    if folded:
        seal.seal(LakeWarehouse(tmp_path / "lake").journal, least=1)
    for reader in (lake, LakeWarehouse(tmp_path / "lake")):
        news = reader.news(seen)
        assert news.models["churn"].changes is None
        assert news.models["fraud"].changes == ()
        again = {model: held.mark for model, held in news.models.items()}
        assert reader.news(again).models["churn"].changes == ()


def test_a_mark_of_an_earlier_release_or_of_another_warehouse_means_anything_may_have_changed(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    for mark in ("", "3f2a", "a b c", "20260101T000000.000000Z-00000000 00ff", "🔥"):
        assert lake.news({"churn": mark}).models["churn"].changes is None


def test_news_of_a_quiet_model_needs_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that nobody delivers any more must not make every run read all that was ever delivered."""
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn", "quiet")
    lake.deliver(batch_tables({"a": 1}, model="quiet"), kind="batch")
    for i in range(40):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    lake.tidy()
    seen = marks(lake)
    lake.deliver(batch_tables({"c": 1}), kind="batch")
    fresh = LakeWarehouse(tmp_path)
    read: list[str] = []
    original = fresh.store.read
    monkeypatch.setattr(fresh.store, "read", lambda paths: read.extend(paths) or original(paths))
    assert len(fresh.news(seen).models["churn"].changes or ()) == 2
    assert read
    assert not [path for path in read if path.endswith("past.arrow")]


def test_the_state_of_each_table(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    assert {(s.rows, s.bytes, s.delivered_at) for s in lake.states()} == {(0, 0, None)}
    for i in range(40):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    lake.deliver(batch_tables({"b3": 7}, variables=("age",)), kind="batch")
    before = {state.name: state for state in lake.states()}
    lake.tidy()
    for reader in (lake, LakeWarehouse(tmp_path)):
        after = {state.name: state for state in reader.states()}
        assert (after["batches"].rows, after["batch_variables"].rows) == (40, 79)
        assert after["batches"].delivered_at == before["batches"].delivered_at
        assert after["batches"].delivered_at is not None
        (live,) = reader.live_files("batches")["batches"]
        assert after["batches"].bytes == (tmp_path / str(live.file.path)).stat().st_size
        assert after["models"].delivered_at is None


def test_no_day_is_lost_when_a_batch_is_delivered_twice(tmp_path: Path) -> None:
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    seen = marks(lake)
    for day in (DAY, DAY + timedelta(days=40)):
        lake.deliver(batch_tables({"a": 5}, day=day), kind="batch")
    changes = lake.news(seen).models["churn"].changes
    assert changes is not None
    assert {c.first for c in changes} == {DAY, date(2026, 2, 10)}


def test_commits_that_an_earlier_release_merged_beside_a_checkpoint_are_no_news(tmp_path: Path) -> None:
    """It was still running when the first checkpoint was made, and wrote all it knew into one file."""
    lake = LakeWarehouse(tmp_path)
    register(lake, "churn")
    for i in range(3):
        lake.deliver(batch_tables({f"b{i}": i}), kind="batch")
    seen, commits = marks(lake), lake.journal.state().commits
    seal.seal(lake.journal, least=1)
    lake.store.write({f"_commits/{commits[-1].delivery_id}.log.json.gz": log.encode(commits)})
    assert LakeWarehouse(tmp_path).news(seen).models["churn"].changes == ()
