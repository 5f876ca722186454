"""What a rule declares about itself, and the verdicts it gives on whole arrays of batches and subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dashboard.colour import Codes
from dashboard.text import Text

Family = Literal["drift", "quality", "performance", "freshness"]
FAMILIES: Final[tuple[Family, ...]] = ("drift", "quality", "performance", "freshness")


@dataclass(frozen=True, slots=True)
class Rule:
    """The facts of a rule: the colours it may give, and in plain words when.

    A condition or a source in one string holds no words of a language: symbols, or a reference to a publication.
    """

    key: str
    family: Family
    name: Text
    meaning: Text
    colours: tuple[Literal["amber", "red", "grey", "note"], ...]
    condition: str | Text
    source: str | Text
    example: Text


@dataclass(frozen=True)
class Verdicts:
    """A rule's verdicts on every batch (T) and subject (S).

    ``codes`` (T, S) are colours, see dashboard.colour. ``numbers`` are arrays that broadcast to (T, S), a finding's
    facts by name; ``words`` adds the facts of one entry that are no numbers. ``size`` (T, S) says how far a value is
    beyond the rule's amber threshold (1 is on it), so that findings can be told apart: it ranks, it never colours.
    ``silent`` (T, S) marks entries that are not green but leave no finding, because another rule's says it better.
    ``weights`` are the subjects' importances where they are variables. ``since`` is the day the runs began where that
    is no batch's. Since when a colour stands is kept for every rule; what else a rule must know of the past, it keeps
    itself: ``kept[t]``, plain JSON values, is what it has to be given back to begin with the t-th of the batches it
    judges (see dashboard.evaluation.memory).
    """

    rule: Rule
    subjects: tuple[str, ...]
    codes: Codes
    numbers: Mapping[str, Any] = field(default_factory=dict)
    words: Callable[[int, int], Mapping[str, Any]] | None = None
    size: npt.NDArray[np.float64] | None = None
    silent: npt.NDArray[np.bool_] | None = None
    weights: tuple[float | None, ...] | None = None
    since: date | None = None
    kept: Sequence[Any] | None = None

    def not_green(self, first: int = 0) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
        """(batch, subject, code, facts) of every entry that leaves a finding, batch by batch from ``first`` on."""
        at, subject = np.nonzero((self.codes if self.silent is None else np.where(self.silent, 0, self.codes))[first:])
        if not at.size:
            return
        at = at + first
        shape = self.codes.shape
        columns = {
            name: _plain(np.broadcast_to(value, shape)[at, subject]) for name, value in self._ranked_numbers().items()
        }
        rows = zip(*columns.values(), strict=True) if columns else iter([()] * len(at))
        codes = self.codes[at, subject].tolist()
        for t, s, code, row in zip(at.tolist(), subject.tolist(), codes, rows, strict=True):
            facts = dict(zip(columns, row, strict=True))
            if self.words is not None:
                facts.update(self.words(t, s))
            yield t, s, code, facts

    def _ranked_numbers(self) -> dict[str, Any]:
        return {**self.numbers} if self.size is None else {**self.numbers, "size": self.size}


def _plain(values: npt.NDArray[Any]) -> list[Any]:
    """Plain Python values that JSON can hold: None for NaN and infinities."""
    if values.dtype.kind == "f":
        known = np.isfinite(values)
        if not known.all():
            return [value if ok else None for value, ok in zip(values.tolist(), known.tolist(), strict=True)]
    return values.tolist()  # type: ignore[no-any-return]
