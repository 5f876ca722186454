"""One simulated model, whole: training tables, histories and outcomes as Arrow tables. Nothing is read or written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import softmax

from dashboard.demo.calendar import Days, batch_ages, weekday
from dashboard.demo.model import DemoModel
from dashboard.demo.rows import Rows, draw_rows
from dashboard.demo.scripts import Change, Shift, days_ago, script_of
from dashboard.demo.shapes import Floats
from dashboard.demo.truth import days_until_known, intercept, outcomes, scores

TRAINING_ROWS: Final = 20_000
TRAINING_DAYS: Final = 365
ENTITIES: Final = 899_981
"""A prime: steps of any length visit all entities before they meet one twice, so a batch has no duplicate."""

Answer = Floats | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SimulatedVersion:
    """One version: what it was trained on, and every row it has scored.

    ``training`` has the columns date, segment, the variables, the score, outcome; ``history`` date, id, the variables,
    the score, segment. A multiclass model's have the probability of each class too, see ``probability_columns``.
    """

    name: str
    training: pa.Table
    history: pa.Table


@dataclass(frozen=True, slots=True)
class Simulation:
    """A model's versions, oldest first, and the outcomes known today: columns date, id, outcome, observed."""

    model: DemoModel
    score: str
    versions: tuple[SimulatedVersion, ...]
    outcomes: pa.Table


def simulate(model: DemoModel, *, today: date, days: int, seed: int) -> Simulation:
    """The model's last ``days`` days, the same for the same arguments."""
    rng = np.random.default_rng((seed, crc32(model.model_id.encode())))
    script = script_of(model.model_id, days=days)
    changes = script.changes if script else ()
    ages = batch_ages(model.cadence, changes, today=today, days=min(days, model.youngest or days))
    start = int(ages.max(initial=1))
    deployed = None if model.retrained is None else days_ago(model.retrained, days=days)

    training, training_rows, training_ages = _training(model, changes, start + 1, TRAINING_DAYS, today, rng)
    constant = intercept(training_rows.true[:, 0], model.rate) if model.task == "binary" else 0.0

    row_ages, ids = _entities(model, ages, today, rng)
    rows = draw_rows(model, changes, row_ages, today=today, rng=rng)
    score = scores(model, rows, constant)
    truth = outcomes(model, rows, score, row_ages, changes, constant, rng)
    history = _history(model, rows, score, row_ages, ids, today, rng)

    trained = [("v1", _with_answers(model, training, training_rows, training_ages, changes, constant, rng))]
    cuts = [0, len(row_ages)]
    if deployed is not None and 0 < (row_ages > deployed).sum() < len(row_ages):
        settled = min((c.full for c in changes if isinstance(c, Shift)), default=deployed + TRAINING_DAYS)
        table, drawn, drawn_ages = _training(model, changes, deployed + 1, max(settled - deployed, 7), today, rng)
        trained.append(("v2", _with_answers(model, table, drawn, drawn_ages, changes, constant, rng)))
        cuts.insert(1, int((row_ages > deployed).sum()))
    return Simulation(
        model=model,
        score=score_column(model),
        versions=tuple(
            SimulatedVersion(name, table, history.slice(cuts[k], cuts[k + 1] - cuts[k]))
            for k, (name, table) in enumerate(trained)
        ),
        outcomes=_known(model, rows, truth, row_ages, ids, today, rng),
    )


def score_column(model: DemoModel) -> str:
    """The name of the model's answer in its files."""
    return {"binary": "score", "regression": "predicted", "multiclass": "offer"}[model.task]


def probability_columns(model: DemoModel) -> dict[str, str]:
    """By class, the column of its probability; none but for a multiclass model."""
    return {name: f"p_{name}" for name in model.classes} if model.task == "multiclass" else {}


def _training(
    model: DemoModel, changes: Sequence[Change], newest: int, days: int, today: date, rng: np.random.Generator
) -> tuple[dict[str, pa.Array], Rows, Days]:
    """Training rows drawn evenly from the ``days`` days that end ``newest`` days before today."""
    ages = newest + days - 1 - np.arange(TRAINING_ROWS) * days // TRAINING_ROWS
    rows = draw_rows(model, changes, ages, today=today, rng=rng)
    # Drawn from a stream of its own: the segments take no part in what is simulated.
    segments = _segments(model, TRAINING_ROWS, rng.spawn(1)[0])
    return {"date": _dates(today, ages), "segment": segments, **rows.columns}, rows, ages


def _with_answers(
    model: DemoModel,
    columns: dict[str, pa.Array],
    rows: Rows,
    ages: Days,
    changes: Sequence[Change],
    constant: float,
    rng: np.random.Generator,
) -> pa.Table:
    score = scores(model, rows, constant)
    truth = outcomes(model, rows, score, ages, changes, constant, rng)
    return pa.table(
        {
            **columns,
            score_column(model): _answers(model, score),
            **_probabilities(model, rows),
            "outcome": _answers(model, truth),
        }
    )


def _entities(model: DemoModel, ages: Days, today: date, rng: np.random.Generator) -> tuple[Days, pa.Array]:
    """The age of each row's batch, and each row's entity: unique within a batch, met again in later ones."""
    weekend = weekday(np.datetime64(today) - ages) >= 5
    usual = model.rows * np.where(weekend & (model.cadence == "P1D"), 0.88, 1.0)
    sizes = np.round(usual * np.exp(rng.normal(0.0, 0.035, len(ages)))).astype(np.int64)
    first = np.repeat(rng.integers(0, ENTITIES, len(ages)), sizes)
    place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    number = 1_000_000 + (first + place * 7_919) % ENTITIES
    ids = pc.binary_join_element_wise(pa.scalar(model.entity), pa.array(number).cast(pa.string()), "")
    return np.repeat(ages, sizes), ids


def _history(
    model: DemoModel, rows: Rows, score: Answer, ages: Days, ids: pa.Array, today: date, rng: np.random.Generator
) -> pa.Table:
    return pa.table(
        {
            "date": _dates(today, ages),
            "id": ids,
            **rows.columns,
            score_column(model): _answers(model, score),
            **_probabilities(model, rows),
            "segment": _segments(model, len(ages), rng),
        }
    )


def _segments(model: DemoModel, rows: int, rng: np.random.Generator) -> pa.Array:
    codes = np.minimum(rng.geometric(0.6, rows) - 1, len(model.segments) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(model.segments)).cast(pa.string())


def _probabilities(model: DemoModel, rows: Rows) -> dict[str, pa.Array]:
    if model.task != "multiclass":
        return {}
    chances = np.round(softmax(rows.seen, axis=1), 4)
    return {name: pa.array(chances[:, k]) for k, name in enumerate(probability_columns(model).values())}


def _known(
    model: DemoModel, rows: Rows, truth: Answer, ages: Days, ids: pa.Array, today: date, rng: np.random.Generator
) -> pa.Table:
    """The outcomes that are known today, in the order in which they became known."""
    delay = days_until_known(model, rows, rng)
    known = np.flatnonzero((delay >= 0) & (delay <= ages))
    known = known[np.argsort(delay[known] - ages[known], kind="stable")]
    observed = np.datetime64(today) - ages[known] + delay[known]
    return pa.table(
        {
            "date": _dates(today, ages[known]),
            "id": ids.take(pa.array(known)),
            "outcome": _answers(model, truth[known]),
            "observed": pa.array(observed.astype("datetime64[us]"), pa.timestamp("us", tz="UTC")),
        }
    )


def _answers(model: DemoModel, answer: Answer) -> pa.Array:
    if model.task == "multiclass":
        codes = pa.array(answer.astype(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(model.classes)).cast(pa.string())
    return pa.array(answer)


def _dates(today: date, ages: Days) -> pa.Array:
    return pa.array((np.datetime64(today) - ages).astype("datetime64[D]"))
