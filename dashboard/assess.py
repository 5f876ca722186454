"""The assessment of one model: from its history of counts to measures, findings and colours; pure, no warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.cadence import parse_cadence
from dashboard.cohort_verdicts import CohortVerdict, judge_cohort, over_batches
from dashboard.cohorts import Timeline, timeline
from dashboard.colour import GREEN, GREY, NAMES, Codes, run_starts
from dashboard.finding import Finding
from dashboard.health import Stable, family_codes, headline, model_codes, rank
from dashboard.history import Assessment, HealthRow, ModelHistory, VersionHistory
from dashboard.measures import MeasureRows, add_batch_measures, add_cohort_measures
from dashboard.rule import Verdicts
from dashboard.rules import (
    absent,
    constant,
    drift,
    duplicate_ids,
    immature,
    late,
    missing,
    no_reference,
    other_bins,
    row_count,
    sentence,
    too_few_rows,
    unseen,
)
from dashboard.tally import Tally, tally
from dashboard.text import Text


def assess(history: ModelHistory) -> Assessment:
    """Measures, findings (only what is not green) and a health row for every batch of every version of a model.

    The same history gives the same assessment, in whatever order its versions, batches, variables and cohorts come.
    A batch is judged by what came before it, so that assessing all at once equals assessing day by day; only the
    newest batch of the model is seen with the eyes of ``history.as_of``. No data is grey, never green.
    Raises InputError for a cadence that cannot be read.
    """
    model = history.model
    measures = MeasureRows(model.model_id)
    findings: list[Finding] = []
    health: list[HealthRow] = []
    newest = max((key for version in history.versions for key in _keys(version)), default=None)
    for version in sorted(history.versions, key=lambda version: (version.order, version.model_version)):
        seen = _Seen(
            history,
            version,
            tally(version),
            timeline(version.cohorts, model),
            {cohort.cohort_id: judge_cohort(cohort, version, model) for cohort in version.cohorts},
            is_newest=newest is not None and newest[2] == version.model_version,
        )
        in_order = [seen.cohorts[cohort.cohort_id] for cohort in seen.truth.cohorts]
        add_cohort_measures(measures, version=version.model_version, cohorts=in_order, model=model, today=history.as_of)
        if seen.counted.batches:
            rows, found = _assess_version(seen, measures)
            health += rows
            findings += found
    return Assessment(measures.columns, findings, health)


def _keys(version: VersionHistory) -> Iterable[tuple[date, int, str, str]]:
    return ((batch.batch_date, version.order, version.model_version, batch.batch_id) for batch in version.batches)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One version as an assessment looks at it."""

    history: ModelHistory
    version: VersionHistory
    counted: Tally
    truth: Timeline
    cohorts: dict[str, CohortVerdict]
    is_newest: bool


def _assess_version(seen: _Seen, measures: MeasureRows) -> tuple[list[HealthRow], list[Finding]]:
    model, policy, counted = seen.history.model, seen.history.model.policy, seen.counted
    dates = counted.dates
    # A batch is seen on its own day, the model's newest one today.
    days = [*dates[:-1], max(seen.history.as_of, dates[-1]) if seen.is_newest else dates[-1]]
    frozen = constant.judge(counted)
    holes = missing.judge(counted, policy)
    moved = drift.judge(counted, policy, frozen=constant.is_frozen(counted))
    performance = over_batches(seen.cohorts, seen.truth, model, days)
    freshness = late.judge(
        dates, cadence=model.cadence, as_of=seen.history.as_of, policy=policy, is_newest=seen.is_newest
    )
    verdicts = [
        holes,
        unseen.judge(counted, policy),
        absent.judge(counted),
        frozen,
        row_count.judge(counted.rows, policy),
        duplicate_ids.judge(counted, policy),
        moved.verdicts,
        too_few_rows.judge(moved.too_few, moved.rows, moved.batches, policy),
        other_bins.judge(counted.stale, variables=len(counted.variables)),
        no_reference.judge(len(dates), variables=len(counted.variables)),
        performance,
        immature.judge(seen.truth, model, days, is_newest=seen.is_newest),
        freshness,
    ]
    add_batch_measures(measures, version=seen.version.model_version, counted=counted, moved=moved, policy=policy)
    families = family_codes(
        verdicts,
        {
            "drift": (moved.shown == GREY).all(axis=-1),
            "quality": (holes.codes == GREY).all(axis=-1),
            "performance": performance.codes[:, 0] == GREY,
            "freshness": freshness.codes[:, 0] == GREY,
        },
        light=policy.importance_light,
    )
    by_batch = _findings(seen, verdicts)
    unjudged = (moved.shown == GREY).sum(axis=-1).tolist()
    return _health(seen, families, by_batch, performance, unjudged), [one for found in by_batch for one in found]


def _findings(seen: _Seen, verdicts: Sequence[Verdicts]) -> list[list[Finding]]:
    """The findings of each batch, the one to tell first at the front."""
    dates, batches = seen.counted.dates, seen.counted.batches
    model_id, version = seen.history.model.model_id, seen.version.model_version
    found: list[list[Finding]] = [[] for _ in batches]
    for verdict in verdicts:
        rule, weights = verdict.rule, verdict.weights
        for t, s, code, start, facts in verdict.not_green():
            found[t].append(
                Finding(
                    model_id,
                    version,
                    batches[t].batch_id,
                    dates[t],
                    verdict.subjects[s],
                    rule.key,
                    rule.family,
                    NAMES[code],
                    verdict.since or dates[start],
                    weights[s] if weights is not None else None,
                    facts,
                )
            )
    light = seen.history.model.policy.importance_light
    for of_batch in found:
        if len(of_batch) > 1:
            of_batch.sort(key=lambda finding: rank(finding, light=light))
    return found


def _health(
    seen: _Seen,
    families: dict[str, Codes],
    by_batch: Sequence[Sequence[Finding]],
    performance: Verdicts,
    unjudged: Sequence[int],
) -> list[HealthRow]:
    counted = seen.counted
    colours = model_codes(families)
    starts = run_starts(colours[:, None])[:, 0].tolist()
    codes, by_family = colours.tolist(), {family: found.tolist() for family, found in families.items()}
    rows = []
    for t, (batch, findings) in enumerate(zip(counted.batches, by_batch, strict=True)):
        truth = _truth(performance, findings, seen, t) if codes[t] == GREEN else None
        text = headline(
            findings,
            codes[t],
            light=seen.history.model.policy.importance_light,
            stable=Stable(len(counted.variables), unjudged[t], truth),
            near=batch.batch_date,
        )
        rows.append(
            HealthRow(
                model_version=seen.version.model_version,
                batch_id=batch.batch_id,
                batch_date=batch.batch_date,
                colour=NAMES[codes[t]],
                drift=NAMES[by_family["drift"][t]],
                quality=NAMES[by_family["quality"][t]],
                performance=NAMES[by_family["performance"][t]],
                freshness=NAMES[by_family["freshness"][t]],
                since=counted.dates[starts[t]],
                headline_en=text.en,
                headline_fr=text.fr,
                version_order=seen.version.order,
            )
        )
    if seen.is_newest:
        rows[-1] = _today(seen, rows[-1], by_batch[-1])
    return rows


def _truth(performance: Verdicts, findings: Sequence[Finding], seen: _Seen, t: int) -> Text | None:
    """What a green headline adds on performance: the newest cohort's measure, or why there is none."""
    grey = next((f for f in findings if f.family == "performance" and f.colour == "grey"), None)
    if grey is not None:
        return sentence(grey)
    if performance.words is None:
        return None
    batch = seen.counted.batches[t]
    steady = Finding(
        seen.history.model.model_id,
        seen.version.model_version,
        batch.batch_id,
        batch.batch_date,
        "model",
        performance.rule.key,
        "performance",
        "green",
        batch.batch_date,
        None,
        dict(performance.words(t, 0)),
    )
    return sentence(steady)


def _today(seen: _Seen, row: HealthRow, findings: Sequence[Finding]) -> HealthRow:
    """The model's newest row, with what the passing of time does to it."""
    overdue = next((finding for finding in findings if finding.rule == late.RULE.key), None)
    since = row.since
    if overdue is not None and row.colour == "grey" and "grey" not in (row.drift, row.quality):
        # Nothing but its age makes it grey, and that began on the day the next batch was due.
        since = overdue.since
    return replace(row, since=since, valid_until=_valid_until(seen, is_late=overdue is not None))


def _valid_until(seen: _Seen, *, is_late: bool) -> date | None:
    """The first day after today on which something changes by itself: lateness, a cohort's maturity."""
    history = seen.history
    days = [late.late_from(seen.counted.dates[-1], parse_cadence(history.model.cadence), history.model.policy)]
    if is_late:
        # Its sentence names the year from then on.
        days.append(date(history.as_of.year + 1, 1, 1))
    for version in history.versions:
        final = timeline(version.cohorts, history.model).next_final(history.as_of)
        if final is not None:
            days.append(final)
    return min((day for day in days if day > history.as_of), default=None)
