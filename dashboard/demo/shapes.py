"""The shapes of variables: each turns standard normal draws into believable values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

Floats = npt.NDArray[np.floating[Any]]
Codes = npt.NDArray[np.integer[Any]]

WIDEST: Final = 4.0
"""A model clips its inputs here, in standard deviations: one absurd value does not rule its score."""


class Shape(Protocol):
    """What a variable's values look like.

    ``z`` are draws from a standard normal, shifted where the world has moved; one draw a row.
    """

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of a category, most frequent first; empty for a number."""

    def values(self, z: Floats) -> Floats | Codes:
        """The values of the rows: numbers, or codes into ``levels``. Same length as ``z``."""

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        """What a model sees in the rows: mean about 0, standard deviation about 1, at most WIDEST."""


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Usage and money: many small, few large. ``median`` in the variable's unit, ``sigma`` of its logarithm."""

    median: float
    sigma: float
    digits: int = 2
    most: float | None = None
    levels: tuple[str, ...] = ()

    def values(self, z: Floats) -> Floats:
        amounts = self.median * np.exp(self.sigma * z)
        return np.asarray(np.round(np.minimum(amounts, self.most or np.inf), self.digits))

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        return np.clip(z, -WIDEST, WIDEST)


@dataclass(frozen=True, slots=True)
class Normal:
    """Temperatures, levels, ages: symmetric, kept within ``least`` and ``most``."""

    mean: float
    sd: float
    digits: int = 1
    least: float = -np.inf
    most: float = np.inf
    levels: tuple[str, ...] = ()

    def values(self, z: Floats) -> Floats:
        return np.asarray(np.round(np.clip(self.mean + self.sd * z, self.least, self.most), self.digits))

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        return np.clip(z, -WIDEST, WIDEST)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in 0..1: the logistic of a normal around ``middle``."""

    middle: float
    sigma: float = 0.8
    levels: tuple[str, ...] = ()

    def values(self, z: Floats) -> Floats:
        return np.asarray(np.round(expit(logit(self.middle) + self.sigma * z), 3))

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        return np.clip(z, -WIDEST, WIDEST)


@dataclass(frozen=True, slots=True)
class Count:
    """Events: Poisson with ``mean``, and a further share ``zeros`` of rows where nothing happens at all."""

    mean: float
    zeros: float = 0.0
    levels: tuple[str, ...] = ()

    def values(self, z: Floats) -> Floats:
        return np.searchsorted(_steps(_poisson(self.mean, self.zeros)), z).astype(np.float64)

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        shares = np.array(_poisson(self.mean, self.zeros))
        number = np.arange(len(shares))
        mean = float(shares @ number)
        sd = float(np.sqrt(shares @ (number - mean) ** 2))
        return np.asarray(np.minimum((values - mean) / sd, WIDEST))


@dataclass(frozen=True, slots=True)
class Category:
    """Brands, plans, regions: shares by Zipf's law, the k-th level in proportion to 1 / k ** ``exponent``."""

    levels: tuple[str, ...]
    exponent: float = 0.9

    def values(self, z: Floats) -> Codes:
        return np.searchsorted(_steps(_zipf(len(self.levels), self.exponent)), z)

    def effect(self, z: Floats, values: Floats | Codes) -> Floats:
        shares = np.array(_zipf(len(self.levels), self.exponent))
        # Levels high and low in turn, each by another amount; any fixed table would do.
        table = np.array([(1 if k % 2 else -1) * (1 + 0.6 * ((k * 0.618) % 1)) for k in range(len(shares))])
        table -= shares @ table
        table /= np.sqrt(shares @ table**2)
        # A code beyond the levels is a level the model has never seen: it says nothing.
        return np.append(table, 0.0)[np.minimum(values, len(table)).astype(np.int64)]


@cache
def _poisson(mean: float, zeros: float) -> tuple[float, ...]:
    """Shares of 0, 1, 2, ... until all but 1e-6 of the rows are told."""
    term = float(np.exp(-mean))
    shares = [zeros + (1 - zeros) * term]
    while sum(shares) < 1 - 1e-6:
        term *= mean / len(shares)
        shares.append((1 - zeros) * term)
    return tuple(share / sum(shares) for share in shares)


@cache
def _zipf(levels: int, exponent: float) -> tuple[float, ...]:
    weights = 1 / np.arange(1, levels + 1) ** exponent
    return tuple(float(w) for w in weights / weights.sum())


def _steps(shares: Sequence[float]) -> Floats:
    """The standard normal's quantiles between neighbouring values that occur with these shares."""
    return np.asarray(ndtri(np.cumsum(shares)[:-1]), dtype=np.float64)
