"""Columns that say who and when: identifiers, days and moments, complete or refused with their row."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qod.columns import (
    ISO_DAY,
    Where,
    cast_or_none,
    dictionary,
    fixed_width,
    is_plain,
    is_text,
    level_text,
    require_plain,
)
from qod.errors import InputError

_ZONE: Final = re.compile(r"\d[T ]\d{2}.*(Z|[+-]\d{2}:?(\d{2})?)$", re.IGNORECASE)
"""How the text of a moment with a zone ends."""


def identifiers(values: pa.ChunkedArray, where: Where) -> pa.ChunkedArray:
    """The column as identifiers (text). Missing ones raise InputError with their row."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return identifiers(values.cast(kind.value_type), where)
    if pa.types.is_floating(kind):
        whole = cast_or_none(values, pa.int64())
        values = whole if whole is not None else values
        kind = values.type
    if pa.types.is_integer(kind) or is_text(kind):
        texts = values.cast(pa.string())
    elif is_plain(kind) and not pa.types.is_null(kind):
        texts = pa.chunked_array([pa.array([level_text(value) for value in values.to_pylist()], pa.string())])
    elif pa.types.is_null(kind):
        texts = values.cast(pa.string())
    else:
        raise where.error(f"identifiers were expected, found {kind}.", hint="name a column of text or whole numbers.")
    empty = pc.or_kleene(pc.is_null(texts), pc.equal(texts, ""))
    place = pc.index(empty, True).as_py()
    if place >= 0:
        raise where.error(
            "an identifier is missing.", row=place + 1, hint="every row needs one, or leave the identifier column out."
        )
    return texts


def days(values: pa.ChunkedArray, where: Where) -> npt.NDArray[np.int32]:
    """The column as days since 1970-01-01. InputError names the first row that has no ISO date."""
    kind = values.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        dates = values
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            dates = dates.cast(pa.timestamp(kind.unit, "UTC"))
        dates = dates.cast(pa.date32(), safe=False) if not pa.types.is_timestamp(kind) else _floor(dates)
        place = pc.index(pc.is_null(dates), True).as_py() if dates.null_count else -1
        if place >= 0:
            raise _no_day(where, None, place)
        return np.concatenate([fixed_width(c.cast(pa.int32())) for c in dates.chunks]).astype(np.int32)
    if is_text(kind) or pa.types.is_null(kind):
        codes, words = dictionary(values.cast(pa.string()))
        table = np.full(len(words) + 1, np.iinfo(np.int32).min, dtype=np.int32)
        for i, word in enumerate(words):
            moment = parse_moment(word)
            if moment is not None:
                table[i] = (moment.date() - date(1970, 1, 1)).days
        found = table[codes]
        wrong = np.flatnonzero(found == np.iinfo(np.int32).min)
        if len(wrong):
            code = int(codes[wrong[0]])
            raise _no_day(where, words[code] if code >= 0 else None, int(wrong[0]))
        return found
    shown = next((value for value in values.slice(0, 1).to_pylist()), None)
    raise _no_day(where, shown, 0)


def zone_note(values: pa.ChunkedArray, where: Where) -> tuple[str, ...]:
    """A note when the column ``days`` was read from holds times of a zone, whose days may not be the local ones."""
    kind = values.type
    zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    if is_text(kind):
        zoned = any(_ZONE.search(word) for word in dictionary(values)[1] if word is not None)
    return utc_note(where.column) if zoned else ()


def utc_note(column: str) -> tuple[str, ...]:
    """What a person should know of days that were made of times with a zone."""
    return (
        f"Column {column!r} holds times with a zone: each counts for its day in UTC. For days of your own zone "
        "deliver dates, or local times without a zone.",
    )


def _floor(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.floor_temporal(moments, unit="day").cast(pa.date32(), safe=False)


def _no_day(where: Where, value: object, place: int) -> InputError:
    found = "the date is missing" if value is None else f"{value!r} is not a date"
    return where.error(f"{found}.", row=place + 1, hint="write dates as YYYY-MM-DD, for example 2026-11-19.")


def parse_moment(text: str) -> datetime | None:
    """The moment an ISO text stands for (a day, or a day and a time; UTC when it says no zone); None for others."""
    if not ISO_DAY.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moments(values: pa.ChunkedArray, where: Where) -> npt.NDArray[np.int64]:
    """The column as microseconds since 1970 in UTC; missing is the smallest int64. InputError names a wrong row."""
    codes, found = dictionary(require_plain(values, where))
    table = np.full(len(found) + 1, np.iinfo(np.int64).min, dtype=np.int64)
    for i, value in enumerate(found):
        moment = parse_moment(value.isoformat() if isinstance(value, date) else str(value))
        if moment is None:
            raise where.error(
                f"{str(value)!r} is not a time.",
                row=int(np.flatnonzero(codes == i)[0]) + 1,
                hint="write times as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.",
            )
        table[i] = np.datetime64(moment.replace(tzinfo=None), "us").astype(np.int64)
    return table[codes]
