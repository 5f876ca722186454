"""What an evaluation had seen of a model, kept with how the model stands so that the next one reads what is new."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.alert_policy import KEYS as OF_ALERTS

RULES_VERSION: Final = "3"
"""Raise it when a rule or metric changes: every model is then evaluated from nothing."""

Span = tuple[date, date]
"""The first and the last day of something."""

UNCOLOURED: Final = frozenset(key.place.partition(".")[0] for key in OF_ALERTS)
"""Sections of a policy that no colour depends on."""

_ENTRY: Final = ("name", "task", "cadence", "cohort", "outcome_window_days", "policy")


@dataclass(frozen=True, slots=True)
class Mark:
    """``entry`` digests what the registry said; ``seen`` is the warehouse's own mark; ``run`` wrote it.

    ``versions`` are the model's versions and the days of their batches (None: no batch yet). ``batch`` and ``truth``
    are the first days on which something begins to count that was delivered already: a batch, a truth. ``misnamed``
    says that a batch bears another day's name.
    """

    rules: str
    entry: str
    seen: str
    run: str
    versions: Mapping[str, Span | None]
    batch: date | None = None
    truth: date | None = None
    misnamed: bool = False

    def text(self) -> str:
        """As JSON."""
        spans = {version: span and [day.isoformat() for day in span] for version, span in self.versions.items()}
        said: dict[str, Any] = {"rules": self.rules, "entry": self.entry, "seen": self.seen, "run": self.run}
        said |= {"versions": spans, "misnamed": self.misnamed}
        said |= {name: day.isoformat() for name, day in (("batch", self.batch), ("truth", self.truth)) if day}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def parse_mark(text: str) -> Mark | None:
    """The mark that ``text`` holds; None for one of another release."""
    try:
        said = json.loads(text)
        batch, truth = (date.fromisoformat(said[name]) if name in said else None for name in ("batch", "truth"))
        versions = {version: span and (_day(span[0]), _day(span[1])) for version, span in said["versions"].items()}
        return Mark(
            said["rules"], said["entry"], said["seen"], said["run"], versions, batch, truth, bool(said["misnamed"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def entry_digest(entry: Mapping[str, Any], fleet: str | None) -> str:
    """A digest of what evaluation reads of a model's registry entry, and of the fleet's policy (JSON)."""
    read = {**entry, "policy": _colouring(entry["policy"])}
    return hashlib.sha256(repr([*(read[name] for name in _ENTRY), _colouring(fleet)]).encode()).hexdigest()[:16]


def _colouring(policy: str | None) -> str | None:
    """The policy (JSON) without the sections that no colour depends on: a change of those judges nothing anew."""
    try:
        sections = json.loads(policy or "null")
    except (ValueError, RecursionError):
        return policy
    if not isinstance(sections, dict) or not sections.keys() & UNCOLOURED:
        return policy
    kept = {name: keys for name, keys in sections.items() if name not in UNCOLOURED}
    return json.dumps(kept) if kept else None


def places(versions: Mapping[str, Span | None]) -> dict[str, int]:
    """The place of each version: the one whose batches began last is the newest; of two, the one numbered higher."""

    def age(version: str) -> tuple[date, list[tuple[int, str]]]:
        span = versions[version]
        parts = re.split(r"(\d+)", version)
        return span[0] if span else date.min, [
            (int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)
        ]

    return {version: place for place, version in enumerate(sorted(versions, key=age))}


def misnamed(batches: Iterable[tuple[str, date]]) -> bool:
    """Whether one of the batches bears the name of a day that is not its own."""
    return any(is_a_day(name) and name != day.isoformat() for name, day in batches)


def is_a_day(name: str) -> bool:
    """Whether a batch is named as batches are by default: after a day."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) is not None
