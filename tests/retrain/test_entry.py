"""The entry [retrain]: what is registered, and what is refused with a way out."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from dashboard.demo.fleet import fleet, registry_row
from dashboard.registry import read_model
from dashboard.retrain.request import read_entry, request_id
from qod.errors import InputError
from tests.retrain.worlds import HOSTILE

LEAST = 'model_id = "churn"\ntask = "binary"\n'


def read(folder: Path, text: str) -> dict[str, object]:
    path = folder / "churn.toml"
    path.write_text(LEAST + text, encoding="utf-8")
    found: dict[str, object] = json.loads(read_model(path)["retrain"])
    return found


def test_entries_of_each_target_are_kept(tmp_path: Path) -> None:
    assert read(tmp_path, '[retrain]\ntarget = "airflow"\ndag = "a.b-c_1"\nconf.from = 2026-11-01') == {
        "target": "airflow",
        "dag": "a.b-c_1",
        "conf": {"from": "2026-11-01"},
    }
    assert read(tmp_path, '[retrain]\ntarget = "gitlab"\nproject = 42\nref = "main"')["project"] == 42
    assert read(tmp_path, '[retrain]\ntarget = "gitlab"\nproject = "a/b"\nref = "release/1"\nconf.N = 1')
    assert read(tmp_path, '[retrain]\ntarget = "webhook"') == {"target": "webhook"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["retrain.target", "missing", "airflow, gitlab, webhook"]),
        ('target = "airfow"', ["'airfow'", "airflow"]),
        ("target = 3", ["retrain.target", "is 3"]),
        ('targt = "airflow"', ["retrain.targt", "'target'"]),
        ('target = "airflow"', ["retrain.dag", "missing", "identifier"]),
        ('target = "airflow"\ndag = ""', ["retrain.dag", "''"]),
        ('target = "airflow"\ndag = ".."', ["retrain.dag", "'..'"]),
        ('target = "airflow"\ndag = "a/b"', ["retrain.dag", "'a/b'"]),
        ('target = "airflow"\ndag = true', ["retrain.dag", "true"]),
        ('target = "airflow"\ndag = "a\\n"', ["retrain.dag"]),
        ('target = "airflow"\ndag = "d"\nproject = "a/b"', ["retrain.project", "no use", "target, dag, conf"]),
        ('target = "gitlab"\nproject = "a/b"', ["retrain.ref", "branch"]),
        ('target = "gitlab"\nproject = "a/.."\nref = "main"', ["retrain.project", "group/project"]),
        ('target = "gitlab"\nproject = "../b"\nref = "main"', ["retrain.project", "group/project"]),
        ('target = "gitlab"\nproject = "a b"\nref = "main"', ["retrain.project", "group/project"]),
        ('target = "gitlab"\nproject = "a/b"\nref = "x y"', ["retrain.ref"]),
        ('target = "gitlab"\nproject = "a/b"\nref = "m"\nconf.VIGIE_URL = 1', ["retrain.conf.VIGIE_URL", "own"]),
        ('target = "gitlab"\nproject = "a/b"\nref = "m"\nconf."a b" = 1', ["retrain.conf.a b", "letters"]),
        ('target = "gitlab"\nproject = "a/b"\nref = "m"\nconf.A = [1]', ["retrain.conf.A", "[1]"]),
        ('target = "webhook"\nconf = 1', ["retrain.conf", "[retrain.conf]"]),
        ('target = "webhook"\nconf.model_id = "x"', ["retrain.conf.model_id", "another name"]),
        ('target = "webhook"\nconf.a = nan', ["retrain.conf.a", "finite"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_way_out(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"[retrain]\n{text}")
    for word in ["churn.toml", *words]:
        assert word in str(caught.value)


def test_numbers_that_are_none_are_refused_in_a_registry_that_another_hand_filled() -> None:
    for table in (
        '{"target": "webhook", "conf": {"a": {"b": [NaN]}}}',
        '{"target": "webhook", "conf": {"a": Infinity}}',
    ):
        with pytest.raises(InputError, match=r"retrain\.conf\.a"):
            read_entry(json.loads(table))
    assert read_entry(json.loads('{"target": "gitlab", "project": "a/.b/c..d", "ref": "m"}')).values["project"]


def test_the_entries_of_the_demo_can_be_used() -> None:
    entries = [row["retrain"] for row in map(registry_row, fleet(24)) if row["retrain"]]
    assert {read_entry(json.loads(entry)).target for entry in entries} == {"airflow", "gitlab", "webhook"}


def test_an_identifier_suits_every_target_and_is_of_one_red_run_alone() -> None:
    day = date(2026, 11, 18)
    for name in ("churn", HOSTILE, "Ärger", "..", ""):
        assert re.fullmatch(r"vigie__[A-Za-z0-9_-]*__2026-11-18__[0-9a-f]{8}", request_id(name, day))
        assert len(request_id(name, day)) < 100
    assert len({request_id(name, day) for name in ("a b", "a/b", "a-b", "a?b")}) == 4
    assert request_id("churn", day) != request_id("churn", date(2026, 11, 19))
    assert request_id("churn", day) == request_id("churn", day)
