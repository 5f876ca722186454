"""What a guard of retraining declares about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
