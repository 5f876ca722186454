"""The contract: every table, its columns, their types, keys and meaning, declared once.

Parquet schemas, BigQuery DDL, validation and ``docs/contract.md`` are all derived from ``TABLES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its BigQuery type, what it means, and whether NULL is allowed.

    ``added`` marks an array that earlier releases did not have: where a file lacks it, it is empty.
    """

    name: str
    type: str
    meaning: str
    nullable: bool = True
    added: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    ``key`` identifies a row. ``scope`` is what one delivery replaces as a whole: a later delivery of the
    same scope takes the place of the earlier one. ``partition`` is the date column large tables are cut by.
    """

    name: str
    written_by: str
    meaning: str
    key: tuple[str, ...]
    scope: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None
    large: bool = False

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: a column is declared twice")
        for name in (*self.key, *self.scope, *((self.partition,) if self.partition else ())):
            if name not in names:
                raise ValueError(f"table {self.name}: {name} is in its key, scope or partition, but no column")

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _required(name: str, type: str, meaning: str) -> Column:
    return Column(name, type, meaning, nullable=False)


def _added(name: str, type: str, meaning: str) -> Column:
    return Column(name, type, meaning, nullable=False, added=True)


_DELIVERY: Final = (
    _required("delivery_id", "STRING", "the delivery this row came with; later ids sort after earlier ones"),
    _required("delivered_at", "TIMESTAMP", "when it was delivered"),
)
_MODEL: Final = _required("model_id", "STRING", "the model's identifier")
_VERSION: Final = _required("model_version", "STRING", "the version of the model")
_BATCH: Final = _required("batch_id", "STRING", "the batch's identifier, unique within the model version")
_BATCH_DATE: Final = _required("batch_date", "DATE", "the day the batch stands for")
_VARIABLE: Final = _required("variable", "STRING", "the name of the variable")

_OF_BATCH: Final = ("model_id", "model_version", "batch_id")

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "models",
            "register",
            "one row a model: who owns it, what it predicts, how often, and the policy that colours it",
            key=("model_id",),
            scope=("model_id",),
            columns=(
                _MODEL,
                _required("name", "STRING", "the name people know it by"),
                Column("description", "STRING", "what it predicts and what for, in one or two sentences"),
                Column("team", "STRING", "the team that answers for it"),
                Column("owner_email", "STRING", "who gets its alerts"),
                _required("task", "STRING", "binary, multiclass or regression"),
                _required("cadence", "STRING", "how often a batch is due: an ISO 8601 duration (P1D, P7D, P1M)"),
                _required("cohort", "STRING", "what performance is measured over: batch, week or month"),
                _required("outcome_window_days", "INT64", "days from a batch until its truth is complete"),
                Column("links", "JSON", "addresses by name: repository, runbook, dag"),
                Column("policy", "JSON", "thresholds and rules that differ from the defaults"),
                Column("retrain", "JSON", "of whom retraining is asked, and what is passed on"),
                _required("registered_at", "TIMESTAMP", "when this entry was registered"),
                *_DELIVERY,
            ),
        ),
        Table(
            "policies",
            "register",
            "one row a policy that holds for the whole fleet; a model's own changes it",
            key=("policy_id",),
            scope=("policy_id",),
            columns=(
                _required("policy_id", "STRING", "fleet"),
                _required("policy", "JSON", "thresholds and rules that differ from the defaults"),
                _required("registered_at", "TIMESTAMP", "when it was registered"),
                *_DELIVERY,
            ),
        ),
        Table(
            "versions",
            "training",
            "one row a trained version of a model",
            key=("model_id", "model_version"),
            scope=("model_id", "model_version"),
            columns=(
                _MODEL,
                _VERSION,
                Column("trained_at", "TIMESTAMP", "when it was trained"),
                Column("deployed_at", "TIMESTAMP", "when it went into use; the first batch's date when empty"),
                _required("rows", "INT64", "training rows behind the reference"),
                Column("framework", "STRING", "what it was trained with"),
                Column("score_variable", "STRING", "the variable that is the model's own score, if it was delivered"),
                Column(
                    "baselines",
                    "JSON",
                    "metric -> {value, se, n, chunks: {n, mean, sd}}: performance on held-out rows at training, and "
                    "between slices of them",
                ),
                Column("threshold", "FLOAT64", "binary: the score from which a row is predicted positive"),
                _added("classes", "ARRAY<STRING>", "multiclass: the classes, in the order of the probabilities"),
                Column("segments", "JSON", "performance by segment on held-out rows at training"),
                Column("calibration", "JSON", "class -> {scores, shares}: how often a score came true at training"),
                Column("losses", "JSON", "regression: what each bin of each variable adds to the expected error"),
                Column("derived", "JSON", "variables that are computed from others, and how"),
                *_DELIVERY,
            ),
        ),
        Table(
            "gates",
            "notify, people",
            "one row a version that was trained because another was red: whether its own baselines count yet",
            key=("model_id", "model_version"),
            scope=("model_id", "model_version"),
            columns=(
                _MODEL,
                _VERSION,
                _required("against", "STRING", "the version it is compared with; its baselines count until passed"),
                _required("state", "STRING", "open, passed or failed"),
                Column("cohort", "STRING", "the newest cohort that both are compared on; empty while there is none"),
                Column("first_day", "DATE", "its first day"),
                _required("cohorts", "INT64", "cohorts that both are compared on"),
                Column("metric", "STRING", "the measure compared"),
                Column("old", "FLOAT64", "its value of the other version, over these cohorts"),
                Column("new", "FLOAT64", "its value of this version"),
                Column("difference", "FLOAT64", "new less old; of an RMSE, as a share of old"),
                Column("low", "FLOAT64", "lower bound of the difference's 95 % interval"),
                Column("high", "FLOAT64", "upper bound of it"),
                _required("margin", "FLOAT64", "how much worse the policy let it be"),
                Column("accepted_by", "STRING", "who accepted it; empty where the comparison decides"),
                _required("decided_at", "TIMESTAMP", "when this was found"),
                *_DELIVERY,
            ),
        ),
        Table(
            "reference_variables",
            "training",
            "one row a variable of a version: bins frozen at training, and the training rows counted in them",
            key=("model_id", "model_version", "variable"),
            scope=("model_id", "model_version"),
            columns=(
                _MODEL,
                _VERSION,
                _VARIABLE,
                _required("position", "INT64", "the variable's place in the training file, from 0"),
                _required("kind", "STRING", "numeric or categorical"),
                Column("importance", "FLOAT64", "its share in the model's decisions, 0..1"),
                _required(
                    "edges", "ARRAY<FLOAT64>", "numeric: inner edges, ascending; k edges make k + 1 bins, closed right"
                ),
                _required("levels", "ARRAY<STRING>", "categorical: the levels kept, most frequent first"),
                _required(
                    "tail",
                    "ARRAY<STRING>",
                    "categorical: the levels counted as other; empty though there are such rows: too many to name",
                ),
                Column("low", "FLOAT64", "numeric: the smallest finite training value"),
                Column("high", "FLOAT64", "numeric: the largest finite training value"),
                _required(
                    "counts",
                    "ARRAY<INT64>",
                    "training rows by bin: numeric bins then missing; levels then other, unseen, missing",
                ),
                Column("mean", "FLOAT64", "numeric: the mean of finite values"),
                Column("sd", "FLOAT64", "numeric: the standard deviation (n - 1) of finite values"),
                Column("distinct_values", "INT64", "distinct values, missing not counted"),
                Column("noise", "JSON", "{batches, mean, sd}: the de-biased PSI of slices of the training rows"),
                _added(
                    "weekdays",
                    "ARRAY<INT64>",
                    "training rows by weekday, Monday first, and bin: seven times counts, one after the other",
                ),
                Column("type", "STRING", "what its values were at training: number, boolean, text or time"),
                *_DELIVERY,
            ),
        ),
        Table(
            "batches",
            "scoring",
            "one row a scored batch",
            key=_OF_BATCH,
            scope=_OF_BATCH,
            partition="batch_date",
            columns=(
                _MODEL,
                _VERSION,
                _BATCH,
                _BATCH_DATE,
                _required("rows", "INT64", "rows in the batch"),
                Column("duplicate_ids", "INT64", "rows whose identifier stood in an earlier row of the batch"),
                Column("started_at", "TIMESTAMP", "when scoring began"),
                Column("finished_at", "TIMESTAMP", "when scoring ended"),
                Column("status", "STRING", "what the job said of itself"),
                Column("run_url", "STRING", "the job's own page"),
                Column("bins", "STRING", "a digest of the bins it was counted in; empty: those of the version"),
                *_DELIVERY,
            ),
        ),
        Table(
            "batch_variables",
            "scoring",
            "one row a batch and variable: the batch's rows counted in the bins of the reference",
            key=(*_OF_BATCH, "variable"),
            scope=_OF_BATCH,
            partition="batch_date",
            large=True,
            columns=(
                _MODEL,
                _VERSION,
                _BATCH,
                _VARIABLE,
                _BATCH_DATE,
                _required("counts", "ARRAY<INT64>", "rows by bin, in the order of the reference's counts"),
                Column("below", "INT64", "numeric: rows below the training range (they are in the first bin too)"),
                Column("above", "INT64", "numeric: rows above the training range (they are in the last bin too)"),
                _required(
                    "unseen",
                    "ARRAY<STRUCT<level STRING, rows INT64>>",
                    "categorical: levels that training did not have, the 20 most frequent",
                ),
                Column("mean", "FLOAT64", "numeric: the mean of finite values"),
                Column("sd", "FLOAT64", "numeric: the standard deviation (n - 1) of finite values"),
                Column("low", "FLOAT64", "numeric: the smallest finite value"),
                Column("high", "FLOAT64", "numeric: the largest finite value"),
                _required("quantiles", "ARRAY<FLOAT64>", "numeric: the .01 .05 .25 .5 .75 .95 .99 quantiles"),
                Column("distinct_values", "INT64", "distinct values, missing not counted"),
                Column("type", "STRING", "what its values are: number, boolean, text or time; empty: nobody can say"),
                *_DELIVERY,
            ),
        ),
        Table(
            "predictions",
            "scoring",
            "one row a scored entity",
            key=(*_OF_BATCH, "entity_id"),
            scope=_OF_BATCH,
            partition="batch_date",
            large=True,
            columns=(
                _MODEL,
                _VERSION,
                _BATCH,
                _required("entity_id", "STRING", "what was scored: the identifier the truth will come with"),
                _BATCH_DATE,
                Column("score", "FLOAT64", "binary: the score of the positive class; regression: the predicted value"),
                Column("prediction", "STRING", "multiclass: the predicted class"),
                Column("segment", "STRING", "the part of the population the entity belongs to"),
                _added("probabilities", "ARRAY<FLOAT64>", "multiclass: the probability of each of the classes"),
                *_DELIVERY,
            ),
        ),
        Table(
            "held",
            "scoring",
            "one row a reason for which rows of a batch were held back before scoring, and a level of it if it has any",
            key=(*_OF_BATCH, "variable", "reason", "level"),
            scope=_OF_BATCH,
            partition="batch_date",
            columns=(
                _MODEL,
                _VERSION,
                _BATCH,
                _BATCH_DATE,
                _VARIABLE,
                _required("reason", "STRING", "unseen, out_of_range or missing"),
                Column("level", "STRING", "unseen: one of the 20 most frequent levels; empty: all others, or no level"),
                _required("rows", "INT64", "rows held back for it; a row with two reasons stands in both"),
                _required("held_rows", "INT64", "rows of the batch that were held back in all, each counted once"),
                _required("all_rows", "INT64", "rows that there were before any was held back"),
                *_DELIVERY,
            ),
        ),
        Table(
            "outcomes",
            "later",
            "one row a truth that became known; the latest delivery of a key holds",
            key=("model_id", "entity_id", "batch_date"),
            scope=("model_id", "delivery_id"),
            partition="batch_date",
            large=True,
            columns=(
                _MODEL,
                _required("entity_id", "STRING", "what the truth is about"),
                Column("batch_date", "DATE", "the day of the prediction it is about; empty: the first one of the id"),
                Column("outcome", "STRING", "the truth: 0 or 1, a class, or a number written in full"),
                Column("observed_at", "TIMESTAMP", "when it became known"),
                *_DELIVERY,
            ),
        ),
        Table(
            "measures",
            "evaluate",
            "one row a number: a metric of a subject in a batch or cohort; a share of 0 and a calm drift have no row",
            key=(*_OF_BATCH, "subject", "metric"),
            scope=_OF_BATCH,
            partition="batch_date",
            large=True,
            columns=(
                _MODEL,
                _VERSION,
                _required("batch_id", "STRING", "the batch, or the cohort (month:2026-10, week:2026-W41)"),
                _required("batch_date", "DATE", "the batch's day; a cohort's first day"),
                _required("subject", "STRING", "a variable; 'batch'; or 'model' for performance"),
                _required("metric", "STRING", "the metric's key: psi, auc, missing_share, ..."),
                Column("value", "FLOAT64", "the number; empty when there is none"),
                Column("low", "FLOAT64", "lower bound of its interval; of psi, what chance alone gives on average"),
                Column("high", "FLOAT64", "upper bound of its interval; of psi, what chance alone gives at most"),
                Column("n", "INT64", "rows behind it"),
                *_DELIVERY,
            ),
        ),
        Table(
            "findings",
            "evaluate",
            "one row a verdict that is not green: which rule, on which subject, since when, and every number it needs",
            key=(*_OF_BATCH, "subject", "rule"),
            scope=_OF_BATCH,
            partition="batch_date",
            columns=(
                _MODEL,
                _VERSION,
                _required("batch_id", "STRING", "the batch the verdict stands in"),
                _required("batch_date", "DATE", "its day"),
                _required("subject", "STRING", "a variable; 'batch'; or 'model'"),
                _required("rule", "STRING", "the rule's key"),
                _required("family", "STRING", "drift, quality, performance or freshness"),
                _required("colour", "STRING", "amber, red, grey, or note (worth knowing, no colour)"),
                _required("since", "DATE", "the first day of the present run of this colour"),
                Column("onset", "DATE", "the day on which the change began, where the rule can say"),
                Column("weight", "FLOAT64", "how much it matters: the variable's importance when known"),
                _required("facts", "JSON", "every number the sentence and the derivation need"),
                *_DELIVERY,
            ),
        ),
        Table(
            "health",
            "evaluate",
            "one row a batch: the model's colour as of that batch, by family, and one sentence",
            key=_OF_BATCH,
            scope=_OF_BATCH,
            partition="batch_date",
            columns=(
                _MODEL,
                _VERSION,
                _BATCH,
                _BATCH_DATE,
                _required("colour", "STRING", "green, amber, red or grey"),
                _required("drift", "STRING", "the colour of drift"),
                _required("quality", "STRING", "the colour of data quality"),
                _required("performance", "STRING", "the colour of performance"),
                _required("freshness", "STRING", "the colour of freshness"),
                _required("since", "DATE", "the first day of the present run of this colour"),
                _required("headline_en", "STRING", "what, since when, how much, what to do; in English"),
                _required("headline_fr", "STRING", "the same in French"),
                _required("as_of", "DATE", "the day the evaluation took for today"),
                Column("valid_until", "DATE", "the first day on which the colour may change with no new data"),
                _required("inputs", "STRING", "what the row was computed from; it changes when a delivery does"),
                Column("version_order", "INT64", "the version's place among the model's versions, the newest highest"),
                Column(
                    "memory", "JSON", "what its evaluation carried on from: the state that the batches before had left"
                ),
                *_DELIVERY,
            ),
        ),
        Table(
            "cohorts",
            "evaluate",
            "one row a cohort: how much of its truth is known, and the verdict on it",
            key=_OF_BATCH,
            scope=_OF_BATCH,
            partition="batch_date",
            columns=(
                _MODEL,
                _VERSION,
                _required("batch_id", "STRING", "the cohort (month:2026-10, week:2026-W41, batch:<batch>)"),
                _required("batch_date", "DATE", "its first day"),
                _required("last_day", "DATE", "its last day"),
                _required("predicted", "INT64", "predictions in it"),
                _required("known", "INT64", "of these, the ones whose truth is known"),
                _required(
                    "verdict", "JSON", "its estimates, its colour and the facts behind it, as evaluation keeps them"
                ),
                *_DELIVERY,
            ),
        ),
        Table(
            "standing",
            "evaluate",
            "one row a model: its newest health, the colours before it, and what evaluation has seen of its data",
            key=("model_id",),
            scope=("model_id",),
            columns=(
                _MODEL,
                _required("model_version", "STRING", "the version of its newest batch"),
                _required("batch_id", "STRING", "its newest batch"),
                _required("batch_date", "DATE", "the day of it"),
                _required("colour", "STRING", "green, amber, red or grey"),
                _required("drift", "STRING", "the colour of drift"),
                _required("quality", "STRING", "the colour of data quality"),
                _required("performance", "STRING", "the colour of performance"),
                _required("freshness", "STRING", "the colour of freshness"),
                _required("since", "DATE", "the first day of the present run of this colour"),
                _required("headline_en", "STRING", "what, since when, how much, what to do; in English"),
                _required("headline_fr", "STRING", "the same in French"),
                _required("as_of", "DATE", "the day the evaluation took for today"),
                Column("valid_until", "DATE", "the first day on which the colour may change with no new data"),
                _required(
                    "strip",
                    "ARRAY<STRUCT<batch_date DATE, colour STRING>>",
                    "the colours of the newest 100 batches, the oldest first",
                ),
                _required(
                    "mark", "STRING", "what evaluation had seen of the model's data; it changes when a delivery does"
                ),
                *_DELIVERY,
            ),
        ),
        Table(
            "runs",
            "evaluate",
            "one row a run of evaluation that looked at every model and wrote something",
            key=("run_id",),
            scope=("run_id",),
            columns=(
                _required("run_id", "STRING", "the run's identifier; later ones sort after earlier ones"),
                _required("started_at", "TIMESTAMP", "when it began"),
                _required("finished_at", "TIMESTAMP", "when it ended"),
                _required("as_of", "DATE", "the day it took for today"),
                _required("mark", "STRING", "what it had seen of all deliveries: the next run reads what came after"),
                _required("models", "INT64", "models looked at"),
                _required("evaluated", "INT64", "models evaluated"),
                _required("batches", "INT64", "batches new or changed"),
                Column("bytes_processed", "INT64", "bytes its queries read"),
                Column("bytes_billed", "INT64", "bytes they were billed for; 0 on a folder"),
                *_DELIVERY,
            ),
        ),
        Table(
            "events",
            "evaluate, notify, people",
            "one row a thing that happened; rows are only added",
            key=("event_id",),
            scope=("event_id",),
            columns=(
                _required("event_id", "STRING", "the event's identifier"),
                _required("happened_at", "TIMESTAMP", "when"),
                _required("kind", "STRING", "colour_changed, note, acknowledged, snoozed, ..."),
                Column("model_id", "STRING", "the model it is about"),
                Column("model_version", "STRING", "the version"),
                Column("batch_id", "STRING", "the batch"),
                Column("subject", "STRING", "the variable, 'batch' or 'model'"),
                Column("author", "STRING", "who, or which job"),
                Column("facts", "JSON", "what there is to say"),
                *_DELIVERY,
            ),
        ),
    )
}

DELIVERY_COLUMNS: Final = tuple(column.name for column in _DELIVERY)
"""Columns the warehouse fills in; a producer never sends them."""

SOURCES: Final = (
    *("models", "versions", "gates", "reference_variables", "batches", "batch_variables", "predictions", "outcomes"),
)
"""The tables that people and jobs deliver, and that evaluation reads."""

COLOURS: Final = ("green", "grey", "amber", "red")
"""Colours from calm to urgent; a roll-up takes the last that occurs."""

QUANTILES: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""The quantiles kept for each numeric variable of a batch."""

_SCALARS: Final[dict[str, pa.DataType]] = {
    "STRING": pa.string(),
    "JSON": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "BOOL": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us", tz="UTC"),
}


def arrow_type(type: str) -> pa.DataType:
    """The Arrow type of a BigQuery type as it is written in the declarations; ValueError for any other."""
    if type in _SCALARS:
        return _SCALARS[type]
    if type.startswith("ARRAY<") and type.endswith(">"):
        return pa.list_(arrow_type(type[6:-1]))
    if type.startswith("STRUCT<") and type.endswith(">"):
        return pa.struct([(name, arrow_type(kind)) for name, kind in (f.split() for f in type[7:-1].split(", "))])
    raise ValueError(f"{type} is no type of the contract")


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Parquet schema of the table ``name``, delivery columns included."""
    return pa.schema([pa.field(c.name, arrow_type(c.type), nullable=c.nullable) for c in TABLES[name].columns])


def table_from_columns(name: str, columns: dict[str, object]) -> pa.Table:
    """An Arrow table of ``name`` without its delivery columns, from lists or arrays by column name.

    Columns that are not given are NULL (empty arrays where the column may not be NULL).
    A name the table does not have raises KeyError: it is a programming error, not a delivery's.
    """
    table = TABLES[name]
    unknown = set(columns) - set(table.names)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    rows = len(next(iter(columns.values()))) if columns else 0  # type: ignore[arg-type]
    fields, arrays = [], []
    for column in table.columns:
        if column.name in DELIVERY_COLUMNS:
            continue
        kind = arrow_type(column.type)
        given = columns.get(column.name)
        if given is None:
            is_list = column.type.startswith("ARRAY") and not column.nullable
            given = [[]] * rows if is_list else pa.nulls(rows, kind)
        array = given if isinstance(given, pa.Array | pa.ChunkedArray) else pa.array(given, kind)
        arrays.append(array if array.type == kind else array.cast(kind))
        fields.append(pa.field(column.name, kind, nullable=column.nullable))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
