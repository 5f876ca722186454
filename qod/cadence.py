"""How often a batch is due: a small, strict reader of ISO 8601 durations of whole days or longer."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from qod.errors import InputError

_FORM: Final = re.compile(r"P(?:(?P<weeks>\d+)W|(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?)")
_HINT: Final = "write P1D (every day), P7D or P1W (every week), P1M (every month), P3M or P1Y."


@dataclass(frozen=True, slots=True)
class Cadence:
    """Whole months and days between two batches."""

    months: int
    days: int

    @property
    def approximate_days(self) -> float:
        """Its usual length in days, a month counted as 30.4."""
        return self.months * 365.25 / 12 + self.days

    def after(self, start: date) -> date:
        """The day ``start`` plus one cadence; the 31st falls back to the last day of a shorter month."""
        month = start.year * 12 + start.month - 1 + self.months
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last)) + timedelta(days=self.days)


def parse_cadence(text: str) -> Cadence:
    """The cadence that ``text`` (``P1D``, ``P7D``, ``P1W``, ``P1M``, ...) describes.

    Raises InputError for anything else: hours (a batch stands for a day), fractions, an empty or a zero duration.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        hint = "a batch stands for a day: P1D is the shortest cadence." if "T" in text else _HINT
        raise InputError(f"{text!r} is no ISO 8601 duration of days.", column="cadence", hint=hint)
    years, months, weeks, days = (int(found[part] or 0) for part in ("years", "months", "weeks", "days"))
    cadence = Cadence(months=12 * years + months, days=7 * weeks + days)
    if not cadence.months and not cadence.days:
        raise InputError(f"{text!r} is a duration of nothing.", column="cadence", hint=_HINT)
    if cadence.approximate_days > 3660:
        raise InputError(f"{text!r} is longer than ten years.", column="cadence", hint=_HINT)
    return cadence
