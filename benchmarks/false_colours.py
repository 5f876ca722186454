"""Measures the drift rule by simulation: how often it colours models that have not moved, and how soon others.

Models of 50 variables with 10 bins and 50,000 training rows, over 90 daily batches. Run it as
``python -m benchmarks.false_colours``; docs/statistics.md quotes what it prints with ``--models 1000``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from dashboard.colour import AMBER, RED, Codes
from dashboard.history import BatchEntry, ReferenceVariable, VersionHistory
from dashboard.metrics.changed import changed
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_p_value import psi_p_value
from dashboard.policy import Policy
from dashboard.rules import drift
from dashboard.tally import tally

VARIABLES: Final = 50
BINS: Final = 10
TRAINING_ROWS: Final = 50_000
BATCHES: Final = 90
STEP: Final = 30
"""The batch from which a model that moves has moved."""
DAYS: Final = (1, 3, 7)
"""Batches after the step at which it is asked who has been coloured."""
SHIFTS: Final = (0.1, 0.25, 0.5, 0.55)
"""Moves of the mean of a normal variable cut in deciles, in standard deviations: PSI .01, .06, .24 and .287."""
WOBBLE: Final = 0.1
"""The standard deviation by which a mean that is not drifting moves from batch to batch, each variable by itself."""
ROWS: Final = (50, 200, 1000, 10_000)
TOGETHER: Final = 20
"""Models that are judged at once, as one of so many times the variables."""
MOST_MODELS: Final = 5000

Shares = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def shares(shift: npt.ArrayLike = 0.0) -> Shares:
    """The shares (..., 10) of the deciles after the mean moved by ``shift`` (...) standard deviations."""
    edges = norm.ppf(np.arange(BINS + 1) / BINS)
    return np.diff(norm.cdf(edges - np.asarray(shift)[..., None]), axis=-1)


def drawn(rng: np.random.Generator, rows: int, of: Shares, batches: int, variables: int) -> Whole:
    """Counts (batches, variables, 10) of so many rows."""
    return rng.multinomial(rows, np.broadcast_to(of, (batches, variables, BINS)))


def colours(reference: Whole, counts: Whole, policy: Policy) -> Codes:
    """The colours shown (batches, variables) for counts (batches, variables, 10), by the product's own rule."""
    # The missing bin stands last, empty.
    counts = np.pad(counts, ((0, 0), (0, 0), (0, 1)))
    edges = tuple(float(edge) for edge in range(1, BINS))
    variables = tuple(
        ReferenceVariable(f"v{v:05}", "numeric", None, edges, (), np.append(row, 0)) for v, row in enumerate(reference)
    )
    rows = int(counts[0, 0].sum())
    days = [date(2026, 1, 1) + timedelta(days=t) for t in range(len(counts))]
    shape = counts.shape[:2]
    none = np.zeros(shape, np.int64)
    version = VersionHistory(
        model_version="v1",
        deployed_on=None,
        baselines={},
        variables=variables,
        batches=tuple(BatchEntry(day.isoformat(), day, rows) for day in days),
        counts=counts,
        present=np.ones(shape, bool),
        below=none,
        above=none,
        unseen={},
    )
    return drift.judge(tally(version), policy, frozen=np.zeros(shape, bool)).shown


def fixed(reference: Whole, counts: Whole) -> npt.NDArray[np.bool_]:
    """What colours from the PSI alone, at .10, whatever the number of rows."""
    return psi(reference, counts) >= Policy().drift_amber


def tested(reference: Whole, counts: Whole) -> npt.NDArray[np.bool_]:
    """What colours from the p-values alone, held together over a model's variables (Benjamini and Hochberg, .01)."""
    value, scale, bins = psi(reference, counts), sampling(reference, counts), bins_in_use(reference, counts)
    p_values = psi_p_value(value, scale, bins)
    return (changed(p_values.reshape(len(counts), -1, VARIABLES)) > 0).reshape(p_values.shape)


@dataclass(frozen=True, slots=True)
class Calm:
    """What models without drift gave: coloured variables a batch, and the share of models that ever have one."""

    false: float
    alarms: float


@dataclass(frozen=True, slots=True)
class Seen:
    """Of a move: the share of variables that were at least amber, and red, by each of DAYS; and that stay amber."""

    amber: tuple[float, ...]
    red: tuple[float, ...]
    held: float


def _groups(models: int) -> Iterator[int]:
    """How many variables are judged at once, group by group."""
    for begin in range(0, models, TOGETHER):
        yield min(TOGETHER, models - begin) * VARIABLES


def calm(
    rows: int, *, models: int, seed: int = 1, policy: Policy | None = None, wobble: float = 0.0
) -> dict[str, Calm]:
    """Simulate ``models`` that do not drift: by the fixed thresholds, the p-values alone, and the rule."""
    rng = np.random.default_rng([seed, rows, round(1000 * wobble)])
    found: dict[str, list[npt.NDArray[np.bool_]]] = {"fixed": [], "p-value": [], "rule": []}
    for variables in _groups(models):
        reference = rng.multinomial(TRAINING_ROWS, shares(), variables)
        means = wobble * rng.standard_normal((BATCHES, variables)) if wobble else np.zeros(())
        counts = drawn(rng, rows, shares(means), BATCHES, variables)
        for name, coloured in (
            ("fixed", fixed(reference, counts)),
            ("p-value", tested(reference, counts)),
            ("rule", colours(reference, counts, policy or Policy()) >= AMBER),
        ):
            found[name].append(coloured.reshape(BATCHES, -1, VARIABLES).transpose(1, 0, 2))
    return {name: _calm(np.concatenate(of)) for name, of in found.items()}


def _calm(coloured: npt.NDArray[np.bool_]) -> Calm:
    return Calm(float(coloured.sum() / coloured.shape[0] / BATCHES), float(coloured.any(axis=(1, 2)).mean()))


def seen(rows: int, shift: float, *, models: int, seed: int = 1, policy: Policy | None = None) -> Seen:
    """Simulate ``models`` of which every variable moves by ``shift`` after a calm month."""
    rng = np.random.default_rng([seed, rows, round(1000 * shift), 1])
    shown = []
    for variables in _groups(models):
        reference = rng.multinomial(TRAINING_ROWS, shares(), variables)
        before, after = (
            drawn(rng, rows, shares(mean), batches, variables) for mean, batches in ((0.0, STEP), (shift, STEP))
        )
        shown.append(colours(reference, np.concatenate([before, after]), policy or Policy())[STEP:])
    reached = np.concatenate(shown, axis=1)
    by_day = [[float((reached[:day] >= level).any(axis=0).mean()) for day in DAYS] for level in (AMBER, RED)]
    return Seen(tuple(by_day[0]), tuple(by_day[1]), float((reached[DAYS[-1] :] >= AMBER).mean()))


def report(rows: Sequence[int], *, models: int, seed: int = 1) -> str:
    """What was measured, as Markdown."""
    lines = [
        f"No drift: {VARIABLES} variables, {BATCHES} batches, {models:,} models. False colours a batch; models that "
        "ever have one.",
        "",
        "| rows a batch | PSI above .10 | p-value alone | this rule |",
        "|---|---|---|---|",
    ]
    cases = [(f"{n:,}", n, 0.0) for n in rows] + [(f"{rows[-1]:,}, harmless wobble of .1 sd", rows[-1], WOBBLE)]
    for name, n, wobble in cases:
        found = calm(n, models=models, seed=seed, wobble=wobble)
        cells = (f"{number(one.false)}; {share(one.alarms)}" for one in found.values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    few = max(models // 20, 1)
    lines += [
        "",
        f"A move of the mean after a calm month: variables that have turned amber, and red, by day "
        f"{', '.join(str(day) for day in DAYS[:-1])} and {DAYS[-1]}; {few * VARIABLES:,} variables.",
        "",
        "| rows a batch | move (sd) | PSI | amber | red |",
        "|---|---|---|---|---|",
    ]
    for n in rows:
        for shift in SHIFTS:
            of = seen(n, shift, models=few, seed=seed)
            size = float(np.sum((shares(shift) - 0.1) * np.log(shares(shift) / 0.1)))
            cells = (" / ".join(share(part) for part in parts) for parts in (of.amber, of.red))
            lines.append(f"| {n:,} | {shift:g} | {size:.3f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def number(value: float) -> str:
    """A count a batch, to two significant digits: ``38``, ``.0052``, ``0``."""
    return "0" if value == 0 else f"{value:.3g}" if value >= 1 else f"{float(f'{value:.2g}'):f}".strip("0")


def share(value: float) -> str:
    """A share in per cent; only what is exactly none or all is written so."""
    percent = 100 * value
    digits = 0 if percent in (0, 100) else 2 if percent < 1 or percent > 99 else 1
    return f"{percent:.{digits}f} %"


def main() -> None:
    """Read the arguments, simulate and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int, default=list(ROWS), help="rows a batch")
    parser.add_argument("--models", type=int, default=100, help=f"simulated models, at most {MOST_MODELS:,}")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(report(arguments.rows, models=min(max(arguments.models, 1), MOST_MODELS), seed=arguments.seed))


if __name__ == "__main__":
    main()
