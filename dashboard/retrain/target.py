"""What a target of retraining declares about itself, and what it says of a request it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dashboard.retrain.request import PASSED_ON, Request
from dashboard.settings import Settings
from dashboard.text import Text

DEADLINE: Final = 20.0
"""Seconds that one question to a target may take."""

_TAKEN: Final = f"Vigie passes on {', '.join(PASSED_ON)} by itself: take another name."


@dataclass(frozen=True, slots=True)
class Reply:
    """``asked``: the target has the request, now or from before. ``refused``: it has it not. ``unknown``: nobody knows.

    ``reason`` says why it is not asked; no secret is in it. ``facts`` are worth keeping: dag_run_id, link. ``down``
    says that the target does not answer at all, so that others need not wait for it too.
    """

    state: Literal["asked", "refused", "unknown"]
    reason: Text | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    down: bool = False


def anything(name: str, value: object) -> str:
    """Why a target whose conf is JSON does not take a key of it; '' where it does."""
    return _TAKEN if name in PASSED_ON else ""


@dataclass(frozen=True, slots=True)
class TargetKey:
    """A key of [retrain] that a target needs: text (or a number) that matches ``pattern``, which ``form`` says."""

    name: str
    pattern: str
    form: str


@dataclass(frozen=True, slots=True)
class Target:
    """The facts of a target. ``needs`` are the settings it does not work without, ``keys`` those of [retrain].

    ``repeatable`` says that it refuses a request it has already, or lets the receiver do so: asked again after a crash,
    it trains once. ``repeats`` tells readers how. ``refuses`` gives why it does not take a key of conf, '' where it
    does. ``ask`` takes the seconds one question may last, and raises nothing for what the other side does.
    """

    key: str
    name: Text
    meaning: Text
    needs: tuple[str, ...]
    keys: tuple[TargetKey, ...]
    repeatable: bool
    repeats: Text
    ask: Callable[[Request, Settings, float], Reply]
    refuses: Callable[[str, Any], str] = anything
