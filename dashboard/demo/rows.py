"""The rows of a simulated model: its variables, what the model sees in them, and what is true of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dashboard.demo.calendar import Days, day_shifts, grown
from dashboard.demo.model import DemoModel
from dashboard.demo.scripts import Change, Missing, NewLevel, Rescaled
from dashboard.demo.shapes import Codes, Floats
from dashboard.demo.variables import VARIABLES, Variable

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Drawn rows: ``columns`` by variable; ``seen`` and ``true`` are (rows, outputs).

    ``seen`` is the model's linear predictor from the values it was given, ``true`` the one of the world behind them.
    """

    columns: dict[str, pa.Array]
    seen: Floats
    true: Floats


def weights(model: DemoModel) -> Floats:
    """(variables, outputs): the model's weights; one output, or one a class.

    They shrink by a fifth from one variable to the next, and the predictor's standard deviation is ``model.spread``.
    """
    signs = np.array([-1.0 if name.startswith("-") else 1.0 for name in model.variables.split()])
    size = 0.8 ** np.arange(len(signs))
    size *= model.spread / np.sqrt((size**2).sum())
    if model.task != "multiclass":
        return np.asarray((signs * size)[:, None])
    # Each class leans on the variables in its own way: a rotation per variable, so that all classes occur alike.
    turns = 2 * np.pi * np.outer(np.arange(len(signs)) * 0.618, np.ones(len(model.classes)))
    turns += 2 * np.pi * np.arange(len(model.classes)) / len(model.classes)
    return np.asarray(size[:, None] * np.sin(turns))


def importances(model: DemoModel) -> dict[str, float]:
    """Each variable's share of the predictor's variance; they add up to 1."""
    power = (weights(model) ** 2).sum(axis=1)
    return {name: round(float(share), 4) for name, share in zip(model.names, power / power.sum(), strict=True)}


def draw_rows(
    model: DemoModel, changes: Sequence[Change], ages: Days, *, today: date, rng: np.random.Generator
) -> Rows:
    """One row for each of ``ages`` (days before today), with seasons and changes at work."""
    by_output = weights(model)
    seen = np.zeros((len(ages), by_output.shape[1]))
    true = np.zeros_like(seen)
    columns = {}
    for name, weight in zip(model.names, by_output, strict=True):
        variable = VARIABLES[name]
        shifts = day_shifts(variable, changes, int(ages.max(initial=0)), today=today, rng=rng)
        z = rng.standard_normal(len(ages))
        z += shifts[ages]
        values = variable.shape.values(z)
        effect = variable.shape.effect(z, values)
        true += np.outer(effect, weight)
        values, levels, effect = _delivered(variable, values, z, effect, changes, ages, rng)
        missing = _missing(variable, changes, ages, rng)
        effect[missing] = 0.0
        seen += np.outer(effect, weight)
        columns[name] = _arrow(variable, values, levels, missing)
    return Rows(columns, seen, true)


def evenly(shares: Floats, rng: np.random.Generator) -> Mask:
    """True for a share of the rows, row i with probability ``shares[i]``, spread as evenly as the order allows.

    Systematic sampling: any stretch of rows holds its expected number to within one. Independent draws would add the
    noise of a coin to a demo that has to come out the same on every day.
    """
    total = np.cumsum(shares) + rng.random()
    whole = np.floor(total)
    return np.asarray(np.diff(whole, prepend=0.0) > 0)


def _delivered(
    variable: Variable,
    values: Floats | Codes,
    z: Floats,
    effect: Floats,
    changes: Sequence[Change],
    ages: Days,
    rng: np.random.Generator,
) -> tuple[Floats | Codes, tuple[str, ...], Floats]:
    """The values as the pipeline delivers them, their levels, and what the model sees in them."""
    levels, effect = variable.shape.levels, effect.copy()
    for change in changes:
        if isinstance(change, Rescaled) and change.variable == variable.name:
            changed = grown(change, ages) > 0
            values = np.where(changed, values * change.factor, values)
            # On the logarithmic scale of amounts a factor is a step; the model clips it as it clips any other value.
            effect[changed] = variable.shape.effect(z[changed] + np.log(change.factor), values[changed])
        elif isinstance(change, NewLevel) and change.variable == variable.name:
            new = evenly(change.share * grown(change, ages), rng)
            values = np.where(new, len(levels), values)
            levels = (*levels, change.level)
            effect[new] = 0.0
    return values, levels, effect


def _missing(variable: Variable, changes: Sequence[Change], ages: Days, rng: np.random.Generator) -> Mask:
    by_age = np.full(int(ages.max(initial=0)) + 1, variable.missing)
    # From day to day the share wavers by a quarter, but by less than a point: that is no finding.
    by_age += np.minimum(0.25 * variable.missing, 0.006) * rng.uniform(-1, 1, len(by_age))
    for change in changes:
        if isinstance(change, Missing) and change.variable == variable.name:
            by_age += change.share * grown(change, np.arange(len(by_age))) * rng.uniform(0.96, 1.04, len(by_age))
    return evenly(np.clip(by_age, 0.0, 1.0)[ages], rng)


def _arrow(variable: Variable, values: Floats | Codes, levels: tuple[str, ...], missing: Mask) -> pa.Array:
    if levels:
        codes = pa.array(values.astype(np.int32), mask=missing)
        return pa.DictionaryArray.from_arrays(codes, pa.array(levels)).cast(pa.string())
    whole = getattr(variable.shape, "digits", 3 if hasattr(variable.shape, "middle") else 0) == 0
    return pa.array(values.astype(np.int64) if whole else values, mask=missing)
