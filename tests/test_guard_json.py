"""The JSON of a guard is read back as it was written, and one that says something else is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from qod.errors import InputError, UnknownNameError
from qod.guard import Rule, as_json, read_guard
from tests.guarded import guard, whole

ENTRY: dict[str, Any] = {"variable": "gb", "kind": "numeric", "high": 1}
LEVELS: dict[str, Any] = {"variable": "brand", "kind": "categorical", "hold": {"levels": ["x"]}}
GOOD: dict[str, Any] = {
    "version": 1,
    "model_id": "churn",
    "model_version": "v3",
    "made_at": "2026-11-19T06:00:00+00:00",
    "rules": [ENTRY, LEVELS],
}


def test_a_guard_is_the_same_once_written_and_read(tmp_path: Path) -> None:
    made = guard(
        *whole().rules[:2],
        Rule("a`'\n", "categorical", levels=("Ünï\u202e", "'; DROP TABLE x --"), missing=True),
        Rule("n", "numeric", low=-1e300, missing=True),
    )
    path = tmp_path / "guard.json"
    path.write_text(json.dumps(as_json(made), ensure_ascii=False))
    assert read_guard(path) == read_guard(str(path)) == read_guard(as_json(made)) == made
    assert read_guard(GOOD).rules == (Rule("gb", "numeric", high=1.0), Rule("brand", "categorical", levels=("x",)))
    assert read_guard({**GOOD, "comment": "of the night shift"}).rules, "what stands beside the rules is no matter"
    assert read_guard({**GOOD, "rules": []}).rules == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 1 .* was expected, found 2"),
        ({"version": None}, "found none"),
        ({"version": True}, "found True"),
        ({"model_id": ""}, "model needs a name"),
        ({"model_version": 3}, "model version needs a name, found 3"),
        ({"made_at": "yesterday"}, "made_at.*'yesterday'"),
        ({"made_at": "2026-11-19T06:00:00"}, "moment with its zone"),
        ({"rules": None}, "rules.*found nothing"),
        ({"rules": "gb"}, "rules.*'gb'"),
        ({"rules": ["gb"]}, "rule 1 is an object, found 'gb'"),
        ({"rules": [ENTRY, {}]}, "rule 2: .variable."),
        ({"rules": [ENTRY, ENTRY]}, "'gb' has two rules"),
        ({"rules": [{**ENTRY, "kind": "number"}]}, "categorical or numeric, found 'number'"),
        ({"rules": [{**ENTRY, "kind": ["numeric"]}]}, "categorical or numeric, found a list"),
        ({"rules": [{**ENTRY, "hihg": 2}]}, "'hihg' was not found.*'high'"),
        ({"rules": [{**ENTRY, "type": "float"}]}, "type.*'float'"),
        ({"rules": [{**ENTRY, "missing": "yes"}]}, "missing.* true or false, found 'yes'"),
        ({"rules": [{**ENTRY, "high": "120"}]}, "high.*finite number, found '120'"),
        ({"rules": [{**ENTRY, "high": math.inf}]}, "high.*finite number, found inf"),
        ({"rules": [{**ENTRY, "high": 10**400}]}, "high.*finite number"),
        ({"rules": [{**ENTRY, "low": 7}]}, "low. 7.0 is above .high. 1.0"),
        ({"rules": [{"variable": "gb", "kind": "numeric"}]}, "'gb' holds nothing back"),
        ({"rules": [{**LEVELS, "hold": []}]}, "hold. is an object, found a list"),
        ({"rules": [{**LEVELS, "hold": {"level": ["x"]}}]}, "'level' was not found.*'levels'"),
        ({"rules": [{**LEVELS, "hold": {"levels": "x"}}]}, "levels. is a list of texts, found 'x'"),
        ({"rules": [{**LEVELS, "hold": {"levels": ["x", None]}}]}, "levels. has nothing in it"),
        ({"rules": [{**LEVELS, "hold": {"levels": [1]}}]}, "levels. has 1 in it"),
        ({"rules": [{**LEVELS, "hold": {"unseen": True}}]}, "no .known. levels"),
    ],
)
def test_a_guard_that_says_something_else_is_refused_in_a_sentence(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises((InputError, UnknownNameError), match=words):
        read_guard({**GOOD, **change})
    path = tmp_path / "guard.json"
    path.write_text(json.dumps({**GOOD, **change}))
    with pytest.raises((InputError, UnknownNameError), match=r"guard\.json"):
        read_guard(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "no JSON"), (b"[1]", "found a list"), (b"\xff\xfe", "cannot be read"), (b"[" * 100_000, "no JSON")],
)
def test_a_file_that_holds_no_guard_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "guard.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_guard(path)
    with pytest.raises(InputError, match="no such file"):
        read_guard(tmp_path / "other.json")
