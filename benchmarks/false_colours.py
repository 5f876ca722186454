"""Measures the drift rule by simulation: how often it colours a model that has not moved, and how soon one that has.

Models of 50 variables with 10 bins and 50,000 training rows, over 90 daily batches. Run it as
``python -m benchmarks.false_colours``, more exactly as ``python -m benchmarks.false_colours --models 1000``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from dashboard.colour import AMBER, RED, Codes
from dashboard.history import BatchEntry, ReferenceVariable, VersionHistory
from dashboard.policy import Policy
from dashboard.rules import drift
from dashboard.tally import tally

VARIABLES: Final = 50
BINS: Final = 10
TRAINING_ROWS: Final = 50_000
BATCHES: Final = 90
STEP: Final = 30
"""The batch from which a model that moves has moved."""
SHIFT: Final = 0.54985
"""The shift, in standard deviations of a normal variable cut in deciles, whose PSI is .287."""
MOST_MODELS: Final = 5000

DESIGNED: Final = {50: ".005 a batch, 13 % (pooled 3 %)", 200: ".0001 a batch, .25 %", 1000: "0 a batch, 0 %"}
"""What the rule was designed to give: false colours a batch, and models that ever alarm, by rows a batch."""

Shares = npt.NDArray[np.float64]
CALM: Final[Shares] = np.full(BINS, 1 / BINS)


def moved_shares() -> Shares:
    """The shares of the ten bins after the shift: PSI .287 against training."""
    edges = norm.ppf(np.arange(1, BINS) / BINS)
    return np.diff(norm.cdf(np.concatenate([[-np.inf], edges, [np.inf]]), loc=SHIFT))


def colours(rng: np.random.Generator, rows: int, after: Shares, policy: Policy) -> Codes:
    """The colours shown (batches, variables) for one model with ``rows`` a batch, ``after`` from batch STEP on."""
    reference = rng.multinomial(TRAINING_ROWS, CALM, VARIABLES)
    before = rng.multinomial(rows, CALM, (STEP, VARIABLES))
    counts = np.concatenate([before, rng.multinomial(rows, after, (BATCHES - STEP, VARIABLES))])
    # The missing bin stands last, empty.
    counts = np.pad(counts, ((0, 0), (0, 0), (0, 1)))
    edges = tuple(float(edge) for edge in range(1, BINS))
    variables = tuple(
        ReferenceVariable(f"v{v:02}", "numeric", None, edges, (), np.append(reference[v], 0)) for v in range(VARIABLES)
    )
    days = [date(2026, 1, 1) + timedelta(days=t) for t in range(BATCHES)]
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


@dataclass(frozen=True, slots=True)
class Measured:
    """What many models gave at one number of rows a batch.

    ``false`` is coloured variables a batch and ``alarms`` the share of models that ever have one, without any drift.
    With one: the batches from the step until half and 95 % of the variables had risen to ``amber`` and to ``red``
    (infinite when they never do), and ``held``, the share of later batches and variables that stay at least amber.
    """

    rows: int
    models: int
    false: float
    alarms: float
    amber: tuple[float, float]
    red: tuple[float, float]
    held: float


def measure(rows: int, *, models: int, seed: int = 1, policy: Policy | None = None) -> Measured:
    """Simulate ``models`` calm models and a tenth as many that move, with ``rows`` a batch."""
    rng = np.random.default_rng([seed, rows])
    policy = policy or Policy()
    calm = [colours(rng, rows, CALM, policy) >= AMBER for _ in range(models)]
    moved = np.stack([colours(rng, rows, moved_shares(), policy)[STEP:] for _ in range(max(models // 10, 1))])
    return Measured(
        rows,
        models,
        float(np.mean([found.sum() for found in calm])) / BATCHES,
        float(np.mean([found.any() for found in calm])),
        _delays(moved >= AMBER),
        _delays(moved >= RED),
        float((moved[:, 21:] >= AMBER).mean()),
    )


def _delays(reached: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Batches from the step, the first being 1, until half and 95 % of the variables have reached a level."""
    first = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf).ravel()
    half, most = np.quantile(first, [0.5, 0.95], method="higher")
    return float(half), float(most)


def report(found: Sequence[Measured]) -> str:
    """The measured numbers as a Markdown table, beside those the rule was designed for."""
    lines = [
        "| rows a batch | models | false colours a batch | models that ever alarm | designed "
        "| PSI .287: amber after (half; 95 %) | red after (half; 95 %) | then coloured |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.rows:,} | {one.models:,} | {one.false:.4f} | {one.alarms:.2%} | {DESIGNED.get(one.rows, '')} "
        f"| {one.amber[0]:g}; {one.amber[1]:g} | {one.red[0]:g}; {one.red[1]:g} | {one.held:.1%} |"
        for one in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, simulate and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int, default=[50, 200, 1000], help="rows a batch")
    parser.add_argument("--models", type=int, default=100, help=f"simulated models, at most {MOST_MODELS:,}")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    models = min(max(arguments.models, 1), MOST_MODELS)
    print(report([measure(rows, models=models, seed=arguments.seed) for rows in arguments.rows]))


if __name__ == "__main__":
    main()
