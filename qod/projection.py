"""Principal components frozen at training, and how far a row lies from them: its reconstruction error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from qod.bins import Floats

EXPLAINED: Final = 0.65
"""Share of the variance that the components explain at least, unless there are MOST_COMPONENTS."""
MOST_COMPONENTS: Final = 20
FEWEST_VARIABLES: Final = 3
"""Of fewer variables, 65 % of the variance may be all of it: nothing would be left to tell apart."""
FARTHEST: Final = 1_000.0
"""Standard deviations from the mean at which a value is cut off, so that no square is too large."""
STEPS: Final = 1e5
"""An error is a multiple of 1 / STEPS: the last bits of a sum, which hang on the order of its terms, make no value."""
MOST_AT_ONCE: Final = 1 << 20
"""Rows whose errors are computed together, with some 250 MB."""

_GROUP: Final = 8
# For products of so many numbers, or fewer, BLAS starts no threads: all cores are at work on the columns already, and
# threads that wait for a core take longer than one alone.
_PRODUCT: Final = 1 << 18
_LEAST: Final = 64
_BLOCK: Final = _PRODUCT // _GROUP // 32
_CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Projection:
    """The ``mean`` and ``sd`` (p,) of ``variables`` at training, and ``components`` (k, p): orthonormal rows."""

    variables: tuple[str, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]


def fit(names: Sequence[str], values: Floats) -> Projection | None:
    """The projection of the rows of ``values`` (p, n), NaN is missing; None where fewer than 3 variables vary.

    What is missing or infinite is put at the mean; every variable is standardised (by n). The components are those of
    the greatest variance that explain 65 % of it, 20 at most; the largest weight of each is positive.
    Source: Jolliffe, Principal Component Analysis, 2002; used as in NannyML's drift by data reconstruction.
    """
    scaled = np.empty_like(values)
    scales = [_standardise(row, into) for row, into in zip(values, scaled, strict=True)]
    vary = [place for place, scale in enumerate(scales) if scale is not None]
    if len(vary) < FEWEST_VARIABLES:
        return None
    scaled = scaled[vary] if len(vary) < len(names) else scaled
    variances, vectors = np.linalg.eigh(_products(scaled) / scaled.shape[1])
    reached = np.cumsum(variances[::-1]) / variances.sum()
    size = min(int(np.searchsorted(reached, EXPLAINED)) + 1, MOST_COMPONENTS)
    components = vectors.T[::-1][:size]
    largest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[np.arange(size), largest])[:, None]
    kept = [scale for scale in scales if scale is not None]
    return Projection(
        tuple(names[place] for place in vary),
        tuple(mean for mean, _ in kept),
        tuple(sd for _, sd in kept),
        tuple(tuple(row) for row in components.tolist()),
    )


def _products(rows: Floats) -> Floats:
    """The products of every two of the ``rows`` (p, n), summed over n: (p, p)."""
    block = max(_PRODUCT // len(rows) ** 2, _LEAST)
    parts = (rows[:, start : start + block] for start in range(0, rows.shape[1], block))
    return np.asarray(sum(part @ part.T for part in parts))


def _standardise(values: Floats, into: Floats) -> tuple[float, float] | None:
    """Write the standardised values; their mean and deviation, None where they do not vary or are too large."""
    known = np.isfinite(values)
    finite = values[known]
    if len(finite) == 0 or finite.min() == finite.max():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(finite.mean())
        into[:] = np.where(known, values - mean, 0.0)
        sd = float(np.sqrt(np.mean(into * into)))
        into /= sd
    return (mean, sd) if 0 < sd < np.inf else None


def reconstruction_errors(projection: Projection, rows: int, read: Callable[[str], Floats]) -> Floats:
    """``Errors`` of the ``rows``, (n,), of which ``read`` gives a variable's values (n,).

    MOST_AT_ONCE rows are looked at together: of more, every variable is read several times.
    """
    found = np.empty(rows)
    for start in range(0, rows, MOST_AT_ONCE):
        portion = slice(start, min(start + MOST_AT_ONCE, rows))
        errors = Errors(projection, portion.stop - start)
        for variable in projection.variables:
            errors.add(variable, read(variable)[portion])
        found[portion] = errors.finish()
    return found


class Errors:
    """The reconstruction error of n rows, whose variables come one at a time, in any order and from any thread.

    It is the distance of a row's standardised values z from their projection, sqrt(|z|^2 - sum of (component . z)^2),
    rounded to 1 / STEPS. A value that is missing or infinite stands for the mean. Holds at most 30 numbers a row.
    """

    def __init__(self, projection: Projection, rows: int) -> None:
        self._projection, self._rows = projection, rows
        self._places = {variable: place for place, variable in enumerate(projection.variables)}
        self._weights = np.asarray(projection.components)
        # Rows stand in blocks, (blocks, variables, _BLOCK), the last one filled up with the mean.
        blocks = -(-rows // _BLOCK)
        self._along, self._squares = np.zeros((blocks, len(self._weights), _BLOCK)), np.zeros((blocks, _BLOCK))
        self._z, self._row = np.empty((blocks, _GROUP, _BLOCK)), np.zeros(blocks * _BLOCK)
        self._held: list[int] = []
        self._lock = Lock()

    def add(self, variable: str, values: Floats) -> None:
        """The values (n,) of one variable, each once; others than the projection's are passed over."""
        place = self._places.get(variable)
        if place is None:
            return
        with self._lock:
            _scale(values, self._projection.mean[place], self._projection.sd[place], self._row[: self._rows])
            self._z[:, len(self._held)] = self._row.reshape(-1, _BLOCK)
            self._held.append(place)
            if len(self._held) == _GROUP:
                self._project()

    def finish(self) -> Floats:
        """The errors, (n,), when all variables have come."""
        self._project()
        for chunk in self._chunks():
            self._squares[chunk] -= np.einsum("bkn,bkn->bn", self._along[chunk], self._along[chunk])
        return np.rint(np.sqrt(np.maximum(self._squares.ravel()[: self._rows], 0.0)) * STEPS) / STEPS

    def _project(self) -> None:
        weights = np.ascontiguousarray(self._weights[:, self._held])
        for chunk in self._chunks():
            z = self._z[chunk, : len(self._held)]
            self._along[chunk] += weights @ z
            self._squares[chunk] += np.einsum("bpn,bpn->bn", z, z)
        self._held.clear()

    def _chunks(self) -> list[slice]:
        return [slice(start, start + _CHUNK) for start in range(0, len(self._z), _CHUNK)]


def _scale(values: Floats, mean: float, sd: float, into: Floats) -> None:
    """Write the values in deviations from the mean, cut off at FARTHEST; 0 where there is no finite value."""
    np.clip(values, mean - FARTHEST * sd, mean + FARTHEST * sd, out=into)
    into -= mean
    into /= sd
    into[~np.isfinite(values)] = 0.0
