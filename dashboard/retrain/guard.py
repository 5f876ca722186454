"""What a guard of retraining declares about itself, and all guards in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dashboard.declared import declarations
from dashboard.retrain.case import Case
from dashboard.text import Text


@dataclass(frozen=True, slots=True)
class Guard:
    """The facts of a guard. All guards hold, or nothing is asked.

    ``question`` is what it asks, to be answered with yes; ``needs`` what it looks at, the keys of the policy by their
    places. ``refuse`` gives the reason why it does not hold, a whole sentence, or None where it holds; what is not
    known never holds. ``now`` says the numbers it rests on, whether it holds or not. ``place`` orders them.
    """

    key: str
    place: int
    name: Text
    question: Text
    needs: Text
    refuse: Callable[[Case], Text | None]
    now: Callable[[Case], Text]


@cache
def load() -> dict[str, Guard]:
    """Every guard there is, by its key, in the order in which they are told."""
    found = declarations("dashboard.retrain.guards", "GUARD", Guard)
    return dict(sorted(found.items(), key=lambda item: (item[1].place, item[0])))
