"""A guard: which rows a scoring job holds back, by variable."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from qod.bins import Bins, Kind, below_and_above
from qod.value_type import ValueType


@dataclass(frozen=True, slots=True)
class Rule:
    """What is held back of one variable.

    categorical: rows with one of ``levels``, and where ``unseen`` those with a level that is not ``known``. numeric:
    rows below ``low`` or above ``high``; None is no bound. Rows without a value where ``missing``. ``type`` is what
    the values were at training, where that is known: it changes nothing here, and helps whoever filters elsewhere.
    """

    variable: str
    kind: Kind
    levels: tuple[str, ...] = ()
    unseen: bool = False
    known: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    missing: bool = False
    type: ValueType | None = None

    @property
    def empty(self) -> bool:
        """Whether it holds nothing back, whatever the rows."""
        return not (self.levels or self.unseen or self.missing) and self.low is None and self.high is None


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of one version of a model, at most one a variable; without any it holds nothing back.

    ``notes`` say what a person should know of how it was made; they are not part of its JSON.
    """

    model_id: str
    model_version: str
    made_at: datetime
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()


def rule_of(variable: str, bins: Bins, *, type: ValueType | None = None) -> Rule | None:
    """Everything that training knows of a variable; None where nobody can say what is new to it.

    The range is a millionth of its width wider at each end than that of training, as it is where rows are counted.
    """
    if bins.kind == "numeric":
        low, high = below_and_above(bins)
        bounded = math.isfinite(low) and math.isfinite(high)
        return Rule(variable, "numeric", low=low, high=high, type=type) if bounded else None
    known = (*bins.levels, *bins.tail)
    if bins.open_tail or not known:
        return None
    return Rule(variable, "categorical", unseen=True, known=known, type=type)
