"""The JSON of a guard, written and read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final, get_args

from qod.errors import InputError, UnknownNameError
from qod.guard_rules import Guard, Rule
from qod.names import check_name
from qod.value_type import ValueType

FORMAT: Final = 1
"""The version of the JSON that this release writes, and the only one it reads."""

_HINT: Final = "vigie guard MODEL --json writes one; docs/deliveries.md has the form."
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "categorical": ("variable", "kind", "type", "missing", "hold", "known"),
    "numeric": ("variable", "kind", "type", "missing", "low", "high"),
}
_TYPES: Final = get_args(ValueType)
_NAMES: Final = (("model", "model_id"), ("model version", "model_version"))


def as_json(guard: Guard) -> dict[str, Any]:
    """The guard as plain JSON values; ``read_guard`` takes them back."""
    return {
        "version": FORMAT,
        "model_id": guard.model_id,
        "model_version": guard.model_version,
        "made_at": guard.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "rules": [_rule_json(rule) for rule in guard.rules],
    }


def _rule_json(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {"variable": rule.variable, "kind": rule.kind}
    if rule.type is not None:
        said["type"] = rule.type
    if rule.kind == "numeric":
        said |= {name: bound for name, bound in (("low", rule.low), ("high", rule.high)) if bound is not None}
    elif rule.unseen or rule.levels:
        said["hold"] = {"unseen": rule.unseen, "levels": list(rule.levels)}
    if rule.missing:
        said["missing"] = True
    if rule.unseen:
        said["known"] = list(rule.known)
    return said


def read_guard(guard: str | PathLike[str] | Mapping[str, Any] | Guard) -> Guard:
    """The guard in a file of JSON, or in what was parsed from one.

    InputError says what is wrong with it and where. A key that this release does not know is passed over beside the
    rules, and refused within one: a guard is applied whole or not at all.
    """
    if isinstance(guard, Guard):
        return guard
    if isinstance(guard, Mapping):
        return _guard(guard, "the guard")
    label = fspath(guard)
    try:
        said = json.loads(Path(label).read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise InputError("there is no such file.", file=label, hint=_HINT) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {getattr(error, 'strerror', None) or error}.", file=label) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"the guard is no JSON: {error}.", file=label, hint=_HINT) from None
    return _guard(said, label)


def _guard(said: Any, label: str) -> Guard:
    if not isinstance(said, Mapping):
        raise InputError(f"a guard is a JSON object, found {_shape(said)}.", file=label, hint=_HINT)
    version = said.get("version")
    if isinstance(version, bool) or version != FORMAT:
        found = "none" if version is None else repr(version)
        raise InputError(
            f"version {FORMAT} of the guard's JSON was expected, found {found}.",
            file=label,
            hint="make the guard anew with this release, or read it with the release that made it.",
        )
    names = [check_name(kind, said.get(key), file=label) for kind, key in _NAMES]
    entries = said.get("rules")
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise InputError(f'"rules" is a list with one object a variable, found {_shape(entries)}.', file=label)
    rules = [_rule(entry, place, label) for place, entry in enumerate(entries, start=1)]
    variables = [rule.variable for rule in rules]
    twice = next((name for name in variables if variables.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"the variable {twice!r} has two rules.", file=label, hint="put both into one.")
    return Guard(names[0], names[1], _moment(said.get("made_at"), label), tuple(rules))


def _rule(said: Any, place: int, label: str) -> Rule:
    where = f"rule {place}"
    if not isinstance(said, Mapping):
        raise InputError(f"{where} is an object, found {_shape(said)}.", file=label, hint=_HINT)
    variable = said.get("variable")
    if not isinstance(variable, str) or not variable:
        raise InputError(f'{where}: "variable" is the name of a column, found {_shape(variable)}.', file=label)
    where = f"{where}, variable {variable!r}"
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise InputError(f'{where}: "kind" is categorical or numeric, found {_shape(kind)}.', file=label)
    for key in said:
        if key not in _KEYS[kind]:
            raise UnknownNameError(f"{label}, {where}: key", str(key), _KEYS[kind])
    if said.get("type") not in (None, *_TYPES):
        raise InputError(f'{where}: "type" is one of {", ".join(_TYPES)}, found {_shape(said["type"])}.', file=label)
    missing = _switch(said, "missing", where, label)
    if kind == "numeric":
        low, high = (_bound(said.get(key), key, where, label) for key in ("low", "high"))
        if low is not None and high is not None and low > high:
            raise InputError(f'{where}: "low" {low!r} is above "high" {high!r}.', file=label)
        rule = Rule(variable, "numeric", low=low, high=high, missing=missing, type=said.get("type"))
    else:
        hold = said.get("hold", {})
        if not isinstance(hold, Mapping):
            raise InputError(f'{where}: "hold" is an object, found {_shape(hold)}.', file=label, hint=_HINT)
        for key in hold:
            if key not in ("unseen", "levels"):
                raise UnknownNameError(f'{label}, {where}: key of "hold"', str(key), ("unseen", "levels"))
        rule = Rule(
            variable,
            "categorical",
            levels=_texts(hold.get("levels"), "levels", where, label),
            unseen=_switch(hold, "unseen", where, label),
            known=_texts(said.get("known"), "known", where, label),
            missing=missing,
            type=said.get("type"),
        )
        if rule.unseen and not rule.known:
            raise InputError(
                f'{where}: "unseen" is true, but there are no "known" levels to tell new ones by.', file=label
            )
    if rule.empty:
        raise InputError(f"{where} holds nothing back.", file=label, hint="leave it out, or say what it holds.")
    return rule


def _switch(said: Mapping[str, Any], key: str, where: str, label: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise InputError(f'{where}: "{key}" is true or false, found {_shape(value)}.', file=label)
    return value


def _bound(value: Any, key: str, where: str, label: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):
            if math.isfinite(value):
                return float(value)
    raise InputError(f'{where}: "{key}" is a finite number, found {_shape(value)}.', file=label)


def _texts(value: Any, key: str, where: str, label: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise InputError(f'{where}: "{key}" is a list of texts, found {_shape(value)}.', file=label)
    wrong = [item for item in value if not isinstance(item, str) or not item]
    if wrong:
        raise InputError(
            f'{where}: "{key}" has {_shape(wrong[0])} in it.',
            file=label,
            hint='write every level as text, as it is counted (1, true); rows without a value are "missing".',
        )
    return tuple(dict.fromkeys(value))


def _moment(value: Any, label: str) -> datetime:
    with_zone = None
    if isinstance(value, str):
        try:
            with_zone = datetime.fromisoformat(value)
        except ValueError:
            with_zone = None
    if with_zone is None or with_zone.tzinfo is None:
        raise InputError(
            f'"made_at" is a moment with its zone, as 2026-11-19T06:00:00+00:00, found {_shape(value)}.', file=label
        )
    return with_zone


def _shape(value: Any) -> str:
    """What a wrong value is, short enough for a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    try:
        text = repr(value)
    except ValueError:  # a whole number with more digits than Python writes
        return "a number that is too long"
    return text if len(text) <= 60 else f"{text[:59]}…"
