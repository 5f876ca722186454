"""One version of a model as its assessment looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dashboard.colour import Codes
from dashboard.evaluation.runs import Days, Runs, carried, joined, runs
from dashboard.history import Judged, ModelHistory, VersionHistory
from dashboard.performance.cohorts import Timeline
from dashboard.tally import Tally


@dataclass(frozen=True, slots=True)
class Seen:
    """A version: its history, counts, truth and cohorts, and whether the model's newest batch is one of its own."""

    history: ModelHistory
    version: VersionHistory
    counted: Tally
    truth: Timeline
    cohorts: dict[str, Judged]
    is_newest: bool

    @property
    def model_days(self) -> list[date]:
        """The days of the model's batches, of whichever version, from the last one before what is judged on."""
        versions = self.history.versions
        before = [version.before.day for version in versions if version.before is not None]
        ended = [version.ended for version in versions if version.ended is not None]
        return [*before, *ended, *(batch.batch_date for version in versions for batch in version.batches)]

    def kept(self, rule: str) -> Any:
        """What the rule kept when the first batch that is judged was judged last."""
        return None if self.version.before is None else self.version.before.kept.get(rule)

    def standing(self, colours: Mapping[str, tuple[Codes, Sequence[str]]]) -> dict[str, Runs]:
        """Since when each colour of each rule and its subjects stands, in the batches that are judged."""
        before = {} if self.version.before is None else self.version.before.runs
        first = self.counted.first
        days: Days = np.array([day.toordinal() for day in self.counted.dates[first:]], np.int64)
        # All at once: a rule alone has too few subjects for arrays to pay.
        codes = np.concatenate([codes for codes, _ in colours.values()], axis=1)
        states = joined([carried(before.get(rule, []), subjects) for rule, (_, subjects) in colours.items()])
        sizes = [len(subjects) for _, subjects in colours.values()]
        return dict(zip(colours, runs(codes[first:], days, states).split(sizes), strict=True))
