"""What a key of the policy declares about itself: its place, what it takes, what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.text import Text

Value = float | int | str | bool


def as_written(value: object) -> str:
    """``value`` as a file of TOML has it, where that is not as Python shows it: ``false``."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from ``low`` to ``high``; an end stands for itself unless it is ``open``. ``words`` say the same."""

    words: Text
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether the number lies in the range."""
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        return above and below


ABOVE_ZERO: Final = Range(Text("a number above 0", "un nombre supérieur à 0"), 0, open_low=True)
FROM_ZERO: Final = Range(Text("a number from 0", "un nombre à partir de 0"), 0)
ABOVE_ONE: Final = Range(Text("a number above 1", "un nombre supérieur à 1"), 1, open_low=True)
BELOW_ONE: Final = Range(Text("a number from 0, below 1", "un nombre de 0 à 1, sans 1"), 0, 1, open_high=True)
SHARE: Final = Range(Text("a share from 0 to 1", "une part de 0 à 1"), 0, 1)
SOME_SHARE: Final = Range(Text("a share above 0, up to 1", "une part supérieure à 0, jusqu'à 1"), 0, 1, open_low=True)
COUNT: Final = Range(Text("a whole number from 1", "un nombre entier à partir de 1"), 1)
ANY_COUNT: Final = Range(Text("a whole number from 0", "un nombre entier à partir de 0"), 0)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the policy.

    ``name`` is the field of Policy, ``place`` its section and key in the registry's JSON. It takes the numbers of a
    range, whole ones where the default is an int, or one of several words. ``by_variable``: a variable may have its
    own.
    """

    name: str
    place: str
    default: float | int | str
    takes: Range | tuple[str, ...]
    meaning: Text
    by_variable: bool

    @property
    def expected(self) -> Text:
        """What a value must be, in words."""
        if isinstance(self.takes, Range):
            return self.takes.words
        *first, last = self.takes
        return Text(f"{', '.join(first)} or {last}", f"{', '.join(first)} ou {last}")

    def read(self, value: Any) -> float | int | str:
        """``value`` as the policy holds it; ValueError for one that the key does not take."""
        if not isinstance(self.takes, Range):
            if value not in self.takes:
                raise ValueError(f"{self.place} is {self.expected.en}, not {as_written(value)}")
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{self.place} is {self.expected.en}, not {as_written(value)}")
        whole = isinstance(self.default, int)
        if (whole and value != int(value)) or not self.takes.holds(value):
            raise ValueError(f"{self.place} is {self.expected.en}, not {value:g}")
        return int(value) if whole else float(value)


def key(
    place: str,
    default: float | int | str,
    takes: Range | tuple[str, ...],
    meaning: Text,
    *,
    by_variable: bool = False,
) -> Any:
    """A field of Policy, declared as a key of its JSON."""
    return field(default=default, metadata={"declared": (place, default, takes, meaning, by_variable)})
