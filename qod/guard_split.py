"""Rows set aside by a guard: those that are kept, those that are held back and why, and how many for which reason."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qod.bins import Bins, rank_levels
from qod.columns import Where, levels, numbers, require_plain
from qod.counting import NAMED_UNSEEN, level_places
from qod.errors import InputError
from qod.guard_counts import Count, HeldCounts, Reason
from qod.guard_rules import Guard, Rule
from qod.names import LONGEST
from qod.source import Data, Source, is_table, open_source
from qod.threads import in_threads

VARIABLES: Final = "held_variables"
REASONS: Final = "held_reasons"
"""Columns of the rows held back: the variables they are held back for, and, in the same order, the reasons."""

AT_ONCE: Final = 250_000
"""Rows that are written at once."""

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Held:
    """The rows (places, ascending) that one variable holds back for one reason."""

    variable: str
    reason: Reason
    places: Places


@dataclass(frozen=True)
class Split:
    """Rows as a guard splits them: ``kept`` and ``held`` together are all of them, none is in both.

    Both are of the kind that was given: a data frame, or an Arrow table. Of a file, ``kept`` is a source that the
    producers take (``qod.deliver_batch``) and that is read column by column, so that it may be larger than memory.
    The rows of ``held`` have two more columns, lists of equal length: ``held_variables`` and ``held_reasons``. A row
    with two reasons is there once. Rows keep their order.
    """

    guard: Guard
    counts: HeldCounts
    given: Data
    source: Source
    reasons: tuple[Held, ...]
    held_places: Places

    @cached_property
    def kept(self) -> Data:
        """The rows to score."""
        wanted = self._wanted()
        if _is_frame(self.given):
            return self.given.iloc[np.flatnonzero(wanted)]
        taken = pa.array(wanted)
        if isinstance(self.given, Source | str | PathLike):
            read = self.source.read
            return replace(self.source, rows=self.counts.kept, read=lambda name: read(name).filter(taken))
        return pa.table({name: self.source.read(name).filter(taken) for name in self.source.names})

    @cached_property
    def held(self) -> Data:
        """The rows held back, and why."""
        variables, reasons = self._why(self.held_places)
        if _is_frame(self.given):
            why = {VARIABLES: variables.to_pylist(), REASONS: reasons.to_pylist()}
            return self.given.iloc[self.held_places].assign(**why)
        return self._table(self.held_places)

    def write_held(self, path: str | PathLike[str]) -> None:
        """Write the rows held back as one Parquet file, in place of an earlier one: whole or not at all."""
        self._write(path, self.held_places, why=True)

    def write_kept(self, path: str | PathLike[str]) -> None:
        """The same of the rows to score."""
        self._write(path, np.flatnonzero(self._wanted()), why=False)

    def close(self) -> None:
        """Delete the temporary copy of a text file; ``kept`` can then no longer be read."""
        self.source.close()

    def __enter__(self) -> Split:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wanted(self) -> Mask:
        """Of every row, whether it is kept."""
        wanted = np.ones(self.source.rows, bool)
        wanted[self.held_places] = False
        return wanted

    def _why(self, places: Places) -> tuple[pa.ListArray, pa.ListArray]:
        """Of each of these rows, the variables and the reasons, in the order of the guard's rules."""
        at = [np.searchsorted(places, one.places[np.isin(one.places, places)]) for one in self.reasons]
        of = np.repeat(np.arange(len(at)), [len(one) for one in at]).astype(np.int64)
        rows = np.concatenate([*at, np.zeros(0, np.int64)]).astype(np.int64)
        order = np.argsort(rows, kind="stable")
        offsets = pa.array(np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(places))))), pa.int32())
        which = pa.array(of[order])
        words = ([one.variable for one in self.reasons], [one.reason for one in self.reasons])
        variables, reasons = (pa.array(told, pa.string()).take(which) for told in words)
        return pa.ListArray.from_arrays(offsets, variables), pa.ListArray.from_arrays(offsets, reasons)

    def _table(self, places: Places, *, why: bool = True) -> pa.Table:
        """These rows, as Arrow; with the columns that say why."""
        taken = pa.array(places)
        names = [name for name in self.source.names if name not in (VARIABLES, REASONS)]
        columns = {name: _plain(self.source.column(name).take(taken)) for name in names}
        if why:
            columns |= dict(zip((VARIABLES, REASONS), self._why(places), strict=True))
        return pa.table(columns)

    def _write(self, path: str | PathLike[str], places: Places, *, why: bool) -> None:
        import pyarrow.parquet as pq

        target = Path(fspath(path))
        draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.writing")
        try:
            parts = (self._table(part, why=why) for part in _parts(places))
            first = next(parts)
            with pq.ParquetWriter(draft, first.schema, compression="zstd") as writer:
                writer.write_table(first)
                for part in parts:
                    writer.write_table(part)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            raise InputError(f"it cannot be written: {error.strerror or error}.", file=str(target)) from error
        finally:
            with suppress(OSError):
                draft.unlink()


def split(rows: Data, guard: Guard) -> Split:
    """``rows`` split by ``guard``: a data frame, an Arrow table, or the path of a file, as the producers take.

    Levels, numbers and missing values are those that the producers count, so that a batch of the kept rows has none of
    what the guard holds back. UnknownNameError where a variable is no column; InputError where a column does not hold
    what its variable needs.
    """
    if is_table(rows):
        raise InputError(
            "rows of a table in BigQuery stay there.",
            file=str(rows),
            hint="filter them there: 'vigie guard MODEL --sql' writes the condition.",
        )
    source = open_source(rows)
    try:
        source.require(*(rule.variable for rule in guard.rules))
        by_variable = {rule.variable: rule for rule in guard.rules}

        def look(name: str) -> tuple[list[Held], list[Count]]:
            return _held(source, by_variable[name])

        found = in_threads(look, list(by_variable), None) if by_variable else []
    except BaseException:
        if source is not rows:
            source.close()
        raise
    reasons = tuple(one for held, _ in found for one in held)
    places = np.unique(np.concatenate([np.zeros(0, np.int64), *(one.places for one in reasons)]))
    counts = HeldCounts(
        guard.model_id,
        guard.model_version,
        source.rows,
        len(places),
        tuple(count for _, counted in found for count in counted),
    )
    return Split(guard, counts, rows, source, reasons, places)


def _held(source: Source, rule: Rule) -> tuple[list[Held], list[Count]]:
    """The rows that one rule holds back, by reason, and their counts; reasons without rows are left out."""
    where = Where(source.label, rule.variable)
    values = require_plain(source.column(rule.variable), where)
    masks: list[tuple[Reason, Mask]] = []
    counts: list[Count] = []
    if rule.kind == "numeric":
        array = numbers(values, where)
        outside = np.zeros(len(array), bool)
        for bound, beyond in ((rule.low, np.less), (rule.high, np.greater)):
            if bound is not None:
                outside |= beyond(array, bound)
        masks.append(("out_of_range", outside))
        missing = np.isnan(array)
    else:
        codes, texts = levels(values)
        new = new_levels(texts, rule)
        unseen = np.append(new, False)[codes]  # a missing row's code is -1
        masks.append(("unseen", unseen))
        counts += _by_level(rule.variable, codes[unseen], texts)
        missing = codes < 0
    if rule.missing:
        masks.append(("missing", missing))
    held = [Held(rule.variable, reason, np.flatnonzero(mask)) for reason, mask in masks if mask.any()]
    counts += [Count(one.variable, one.reason, None, len(one.places)) for one in held if one.reason != "unseen"]
    return held, counts


def new_levels(texts: Sequence[str], rule: Rule) -> Mask:
    """Which of these levels the rule holds back: those it names, and those that are not known where it says so.

    A level is told by its other spellings too, as it is where rows are counted.
    """
    held = _among([_short(text) for text in texts], rule.levels)
    return held | ~_among(texts, rule.known) if rule.unseen else held


def _among(texts: Sequence[str], named: tuple[str, ...]) -> Mask:
    return np.asarray(level_places(texts, Bins("categorical", levels=named)) < len(named))


def _short(text: str) -> str:
    """The level as deliveries name it."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _by_level(variable: str, codes: npt.NDArray[Any], texts: Sequence[str]) -> Iterator[Count]:
    """The most frequent levels among these rows with their counts, and all others together."""
    rows: dict[str, int] = {}
    for text, n in zip(texts, np.bincount(codes, minlength=len(texts)).tolist(), strict=True):
        if n:
            rows[_short(text)] = rows.get(_short(text), 0) + n
    names = list(rows)
    ranked = rank_levels(names, np.array(list(rows.values()), np.int64), most=NAMED_UNSEEN)
    for place in ranked:
        yield Count(variable, "unseen", names[place], rows[names[place]])
    rest = sum(rows.values()) - sum(rows[names[place]] for place in ranked)
    if rest:
        yield Count(variable, "unseen", None, rest)


def _parts(places: Places) -> Iterator[Places]:
    """The places in portions; one that is empty where there are none."""
    for start in range(0, max(len(places), 1), AT_ONCE):
        yield places[start : start + AT_ONCE]


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values without a dictionary, so that every portion of a column has one type."""
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def _is_frame(data: Data) -> bool:
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "iloc")
