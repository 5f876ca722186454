"""The history of one model as an assessment reads it, and what the assessment returns: no warehouse, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from dashboard.evaluation.measure_rows import Measures
from dashboard.evaluation.memory import Memory
from dashboard.finding import Finding
from dashboard.metric import Estimate
from dashboard.performance.truth_counts import Predicted, Truth
from dashboard.policy import Policy

Kind = Literal["numeric", "categorical"]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """What the registry says of a model that colours depend on.

    ``cadence`` is an ISO 8601 duration (see dashboard.cadence); ``cohort`` is batch, week or month;
    ``task`` is binary, multiclass or regression.
    """

    model_id: str
    name: str
    task: str
    cadence: str
    cohort: str
    outcome_window_days: int
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Spread:
    """A number between ``n`` slices of the training rows: its mean and standard deviation (n - 1)."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """A performance measure on held-out rows at training: its value, standard error, rows, and between slices.

    ``of`` is the version that was trained on them, where another one is held to it: see the table ``gates``.
    """

    value: float
    se: float | None = None
    n: int | None = None
    chunks: Spread | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceVariable:
    """A variable of the training set: its bins and the training rows counted in them.

    ``counts`` (own bins,) follows the contract: numeric bins then missing; levels then other, unseen, missing.
    ``importance`` is a share 0..1, or None when training delivered none. ``noise`` is the de-biased PSI of slices of
    the training rows against all of them. ``weekdays`` (7, own bins) are the training rows by weekday, Monday first,
    None where they are not known. ``type`` is what the values were: number, boolean, text, time. ``derived`` marks a
    variable that is computed from others.
    """

    name: str
    kind: Kind
    importance: float | None
    edges: tuple[float, ...]
    levels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    noise: Spread | None = None
    weekdays: npt.NDArray[np.int64] | None = None
    type: str | None = None
    derived: bool = False


VALUE_TYPES: Final = (None, "number", "boolean", "text", "time")
"""What the values of a column are; an array holds the place in here."""


@dataclass(frozen=True, slots=True)
class Training:
    """What training left of a version beside bins: parsed JSON as it was delivered, empty where it was not.

    ``threshold`` is the score from which a row is predicted positive; ``classes`` those of a multiclass model;
    ``calibration``, ``losses`` and ``segments`` are as the contract says, see qod.calibration, qod.losses and
    qod.segments.
    """

    threshold: float | None = None
    classes: tuple[str, ...] = ()
    calibration: Mapping[str, Any] = field(default_factory=dict)
    losses: Mapping[str, Any] = field(default_factory=dict)
    segments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One scored batch."""

    batch_id: str
    batch_date: date
    rows: int
    duplicate_ids: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A cohort's estimates by metric key, its colour code against the baseline, and the facts behind it, plain JSON."""

    estimates: dict[str, Estimate]
    code: int
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The predictions of one period and the truth known of them.

    ``first_day`` and ``last_day`` bound the calendar period (the batch's own day when a cohort is one batch);
    ``predicted`` and ``known`` are rows; ``data`` is None when nothing is known. ``predicted_scores``
    are all predictions, their truth known or not. ``judged`` is what an earlier evaluation made of both, which then
    need not be there.
    """

    cohort_id: str
    first_day: date
    last_day: date
    predicted: int
    known: int
    data: Truth | None = None
    judged: Judged | None = None
    predicted_scores: Predicted | None = None


@dataclass(frozen=True, slots=True)
class VersionHistory:
    """One version of a model: its reference, its batches and its cohorts.

    With T batches, V variables and B bins at most: ``counts`` (T, V, B) zero padded after a variable's own bins;
    ``present`` (T, V) says whether the batch delivered the variable; ``below`` and ``above`` (T, V) are rows outside
    the training range; ``unseen[t, v]`` lists (level, rows), most frequent first; ``distinct`` (T, V) is the number
    of distinct values, negative where unknown; ``stale`` (T,) marks batches that were counted in the bins of an
    earlier reference of the same version, whose counts mean nothing against these; ``types`` (T, V) is what the values
    were, an index into VALUE_TYPES, 0 where nobody said. ``order`` is the version's place
    in the order of training, the newest highest. The order of arrays does not matter: the evaluation sorts batches
    by (batch_date, batch_id) and variables by name.

    Batches before ``since`` are only looked back at, the others are judged; ``before`` is what the first of those
    found. None: all are judged, the first is the version's first. ``ended`` is the day of the newest batch of a version
    none of whose batches are given, as all lie before what is judged.
    """

    model_version: str
    deployed_on: date | None
    baselines: dict[str, Baseline]
    variables: tuple[ReferenceVariable, ...]
    batches: tuple[BatchEntry, ...]
    counts: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_]
    below: npt.NDArray[np.int64]
    above: npt.NDArray[np.int64]
    unseen: dict[tuple[int, int], tuple[tuple[str, int], ...]]
    cohorts: tuple[Cohort, ...] = ()
    distinct: npt.NDArray[np.int64] | None = None
    stale: npt.NDArray[np.bool_] | None = None
    types: npt.NDArray[np.int8] | None = None
    training: Training = field(default_factory=Training)
    order: int = 0
    since: date | None = None
    before: Memory | None = None
    ended: date | None = None

    def __post_init__(self) -> None:
        shape = (len(self.batches), len(self.variables))
        widest = max((len(variable.counts) for variable in self.variables), default=0)
        if self.counts.ndim != 3 or self.counts.shape[:2] != shape or self.counts.shape[2] < widest:
            raise ValueError(f"counts must have shape {(*shape, widest)}, not {self.counts.shape}")
        for name in ("present", "below", "above"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {getattr(self, name).shape}")
        if self.distinct is not None and self.distinct.shape != shape:
            raise ValueError(f"distinct must have shape {shape}, not {self.distinct.shape}")
        if self.types is not None and self.types.shape != shape:
            raise ValueError(f"types must have shape {shape}, not {self.types.shape}")
        if self.stale is not None and self.stale.shape != shape[:1]:
            raise ValueError(f"stale must have shape {shape[:1]}, not {self.stale.shape}")


@dataclass(frozen=True, slots=True)
class ModelHistory:
    """Everything the evaluation of one model depends on; ``as_of`` is the day it takes for today."""

    model: ModelEntry
    as_of: date
    versions: tuple[VersionHistory, ...]


@dataclass(frozen=True, slots=True)
class HealthRow:
    """The model's colour as of one batch, by family, and the headline that says why.

    ``valid_until`` is the first day on which the colour or the headline may change though no new data comes; None for
    a batch that has a later one. ``memory`` is what the batch found of the ones before it.
    """

    model_version: str
    batch_id: str
    batch_date: date
    colour: str
    drift: str
    quality: str
    performance: str
    freshness: str
    since: date
    headline_en: str
    headline_fr: str
    valid_until: date | None = None
    version_order: int = 0
    memory: Memory | None = None

    @property
    def age(self) -> tuple[date, int, str, str]:
        """What rows of several versions are ordered by, the newest last."""
        return self.batch_date, self.version_order, self.model_version, self.batch_id


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort of a version and what was made of it; ``shown`` is its colour in ``measures``, if it has one yet."""

    model_version: str
    cohort: Cohort
    judged: Judged
    shown: float | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an evaluation found: measures, findings, and what is to be said of every batch and cohort."""

    measures: Measures
    findings: list[Finding]
    health: list[HealthRow]
    cohorts: list[CohortRow]
