"""The entry [retrain] of a model, and the request to train it anew that is made of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.policy_key import as_written
from qod.errors import InputError, nearest

LONGEST_REASON: Final = 500
"""Characters of the sentence that a target is given."""

PASSED_ON: Final = ("request_id", "model_id", "model_version", "since", "reason", "url")
"""What every target passes on of a request; conf holds other names."""

_LONGEST_NAME: Final = 60
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a model's [retrain] says: the target's key, the values of the keys it takes, and a table passed on to it."""

    target: str
    values: Mapping[str, str] = field(default_factory=dict)
    conf: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What a target is asked. ``reason`` is one sentence in English; ``url`` a page that explains it, '' for none."""

    request_id: str
    model_id: str
    model_version: str
    since: date
    entry: Entry
    reason: str
    url: str

    @property
    def facts(self) -> dict[str, str]:
        """What every target passes on, whatever else the entry's conf holds."""
        return {name: str(getattr(self, name)) for name in PASSED_ON}


def request_id(model_id: str, since: date) -> str:
    """The identifier of the one request about the red run of a model that began on ``since``.

    It holds letters, digits, _ and - alone, so that it serves as a run's identifier anywhere; the digest tells models
    apart whose names differ in other characters.
    """
    safe = _UNSAFE.sub("-", model_id)[:_LONGEST_NAME]
    said = json.dumps([model_id, since.isoformat()])
    return f"vigie__{safe}__{since.isoformat()}__{hashlib.blake2s(said.encode(), digest_size=4).hexdigest()}"


def read_entry(table: Mapping[str, Any]) -> Entry:
    """The entry in a table [retrain]; InputError, with what it takes, for one that cannot be used."""
    from dashboard.retrain import targets

    known = targets.load()
    every = dict.fromkeys(["target", "conf", *(one.name for target in known.values() for one in target.keys)])
    for name in table:
        if name not in every:
            raise InputError(f"there is no key 'retrain.{_cut(name)}'.", hint=nearest(name, every))
    key = table.get("target")
    if not isinstance(key, str) or key not in known:
        found = "is missing" if key is None else f"is {_shown(key)}"
        raise InputError(f"the key 'retrain.target' {found}.", hint=f"it takes one of {', '.join(known)}.")
    target = known[key]
    taken = ("target", *(one.name for one in target.keys), "conf")
    for name in table:
        if name not in taken:
            raise InputError(
                f"the key 'retrain.{name}' is of no use to the target {key}.", hint=f"it takes {', '.join(taken)}."
            )
    values = {}
    for one in target.keys:
        value = table.get(one.name)
        # A project's number is a number in TOML too.
        written = str(value) if type(value) in (str, int) else None
        if written is None or not re.fullmatch(one.pattern, written):
            found = "is missing" if value is None else f"is {_shown(value)}"
            raise InputError(f"the key 'retrain.{one.name}' {found}.", hint=f"it takes {one.form}.")
        values[one.name] = written
    conf = table.get("conf", {})
    if not isinstance(conf, Mapping):
        raise InputError(f"the key 'retrain.conf' is {_shown(conf)}.", hint="it takes a table: [retrain.conf].")
    for name, value in conf.items():
        wrong = target.refuses(name, value)
        if wrong:
            raise InputError(f"the key 'retrain.conf.{_cut(name)}' is {_shown(value)}.", hint=wrong)
        try:
            json.dumps(value, allow_nan=False, default=str)
        except ValueError as error:
            raise InputError(
                f"the key 'retrain.conf.{_cut(name)}' is {_shown(value)}.", hint="it takes numbers that are finite."
            ) from error
    return Entry(key, values, dict(conf))


def _shown(value: object) -> str:
    return _cut(as_written(value))


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."
