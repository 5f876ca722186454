"""The command that shows how good a model was, cohort by cohort, and what is expected of those without a truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.arguments import Model, open_tables, read_settings
from dashboard.commands.ending import printable, say

if TYPE_CHECKING:
    import pyarrow as pa

    from dashboard.history import ModelEntry, Training
    from dashboard.performance.cohort_views import CohortView
    from dashboard.performance.segment_report import SegmentReport
    from qod.warehouse import Warehouse


class By(StrEnum):
    """What a cohort is cut by."""

    segment = "segment"


class Curve(StrEnum):
    """A curve of a cohort."""

    calibration = "calibration"
    gain = "gain"


def performance(
    model: Model,
    version: Annotated[
        str | None, typer.Option("--version", metavar="VERSION", help="Of this version of the model only.")
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option(
            "--cohort", metavar="ID", help="Every measure of one cohort: month:2026-10, week:2026-W41, batch:BATCH."
        ),
    ] = None,
    by: Annotated[
        By | None, typer.Option("--by", help="The cohort (else the newest that is final) by segment, and the weakest.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="training|COHORT", help="With --by: split the change since then into mix and within."
        ),
    ] = None,
    curve: Annotated[
        Curve | None,
        typer.Option(
            "--curve",
            help="A curve of the cohort (else the newest that is final). Of a regression calibration is predicted "
            "against true values.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same with every digit, for programs.")] = False,
) -> None:
    """Show a model's performance: by cohort what came, what was estimated before, and whether estimates hold.

    Estimates are held against the truth that came later; where they failed, they are shown as not usable. Without a
    truth there is nothing but estimates. The days are those of the last evaluation.

    Example: vigie performance churn --cohort month:2026-10 --by segment --against training
    """
    if against is not None and by is None:
        raise typer.BadParameter("--against goes with --by segment.")
    if by is not None and curve is not None:
        raise typer.BadParameter("--by and --curve are two questions; ask one at a time.")
    from dashboard.commands import performance_told, segments_told
    from dashboard.commands.terminal import print_table

    warehouse, language = open_tables(), read_settings().language
    entry, today = _model(warehouse, model)
    views = _views(warehouse, entry, today)
    if not views:
        say(
            f"Nothing is known of the performance of {model}: deliver batches with --id and --score, their truth with "
            "'vigie outcomes', then run 'vigie evaluate'."
        )
        if not as_json:
            return
    of_version = [view for view in views if _is_of(view, version, views)]
    if cohort is None and by is None and curve is None:
        shown = performance_told.cohorts(entry, of_version, today)
    else:
        view = _cohort(of_version, cohort)
        if by is None and curve is None:
            shown = performance_told.one_cohort(entry, view, of_version, today)
        else:
            rows = _segment_truth(warehouse, entry, view, today)
            if curve is not None:
                shown = segments_told.curve(entry, view, rows, curve.value, today)
            else:
                shown = segments_told.segments(
                    entry, view, _report(warehouse, entry, rows, against, views, view, today), against, today
                )
    if as_json:
        print(json.dumps(shown.plain, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in shown.lines(language):
        if isinstance(line, str):
            print(printable(line))
        else:
            print_table(line)


def _model(warehouse: Warehouse, model_id: str) -> tuple[ModelEntry, date]:
    """The model, and the day that its last evaluation took for today; UnknownNameError for one not registered."""
    from datetime import UTC, datetime

    from dashboard.evaluation.due import model_of
    from dashboard.stated import fleet_policy
    from qod.errors import UnknownNameError

    entries = {row["model_id"]: row for row in warehouse.query("registry").to_pylist()}
    if model_id not in entries:
        first = None if entries else "no model is registered yet: run 'vigie register MODEL.toml'."
        raise UnknownNameError("model", model_id, list(entries), hint=first)
    state = {row["model_id"]: row["as_of"] for row in warehouse.query("evaluation_state").to_pylist()}
    fleet = fleet_policy(warehouse.query("policies").to_pylist())
    return model_of(entries[model_id], fleet), state.get(model_id, datetime.now(UTC).date())


def _views(warehouse: Warehouse, model: ModelEntry, today: date) -> list[CohortView]:
    from dashboard.performance.cohort_views import cohort_views

    span = {"since": date.min, "until": date.max}
    cohorts = warehouse.query("evaluated_cohorts", models=[model.model_id], **span).to_pylist()
    batches: list[dict[str, Any]] = []
    if model.task == "regression" and cohorts:
        days = sorted({day for row in cohorts for day in _days(row["batch_date"], row["last_day"])})
        batches = warehouse.query("performance_measures", model_id=model.model_id, days=days).to_pylist()
    return cohort_views(cohorts, model, today=today, batches=batches)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def _is_of(view: CohortView, version: str | None, views: Sequence[CohortView]) -> bool:
    from qod.errors import UnknownNameError

    versions = sorted({one.model_version for one in views})
    if version is not None and version not in versions:
        raise UnknownNameError("model version", version, versions)
    return version in (None, view.model_version)


def _cohort(views: Sequence[CohortView], cohort_id: str | None) -> CohortView:
    """The cohort of that name; without one the newest that is final, or with a truth where none is final yet."""
    from dashboard.performance.cohort_views import newest_known
    from qod.errors import InputError, UnknownNameError

    if cohort_id is None:
        newest = newest_known(views)
        if newest is None:
            raise InputError("no cohort has any truth yet.", hint="deliver it with 'vigie outcomes'.")
        return newest
    found = [view for view in views if view.cohort_id == cohort_id]
    if not found:
        raise UnknownNameError("cohort", cohort_id, sorted({view.cohort_id for view in views}))
    if len(found) > 1:
        names = ", ".join(repr(view.model_version) for view in found)
        raise InputError(f"cohort {cohort_id!r} is there of versions {names}.", hint="say which with --version.")
    return found[0]


def _training(warehouse: Warehouse, model_id: str, version: str) -> Training:
    from dashboard.history import Training
    from dashboard.told import training_of

    rows = warehouse.query("evaluated_versions", models=[model_id]).to_pylist()
    return next((training_of(row) for row in rows if row["model_version"] == version), Training())


def _segment_truth(warehouse: Warehouse, model: ModelEntry, view: CohortView, today: date) -> pa.Table:
    """The predictions of a cohort with the truth known today, by segment."""
    from dashboard.performance.truth_question import truth_question, undated_question

    undated = warehouse.query("undated_truth", **undated_question(view, model.model_id, today)).to_pylist()
    met = any(row["met"] for row in undated)
    return warehouse.query("segment_truth", **truth_question(view, model.model_id, today, undated=met))


def _report(
    warehouse: Warehouse,
    model: ModelEntry,
    rows: pa.Table,
    against: str | None,
    views: Sequence[CohortView],
    view: CohortView,
    today: date,
) -> SegmentReport:
    from dashboard.performance.segment_report import segment_report
    from qod.errors import InputError

    training = _training(warehouse, model.model_id, view.model_version)
    if against is None:
        return segment_report(rows, model.task, training)
    if against == "training":
        if not training.segments:
            raise InputError(
                f"version {view.model_version!r} has no performance by segment at training.",
                hint="deliver its reference with --segment, --score and --outcome, or compare with an earlier cohort.",
            )
        return segment_report(rows, model.task, training, since_training=True)
    of_version = [one for one in views if one.model_version == view.model_version]
    earlier = _cohort(of_version if any(one.cohort_id == against for one in of_version) else views, against)
    before = _segment_truth(warehouse, model, earlier, today)
    return segment_report(rows, model.task, training, before=before)
