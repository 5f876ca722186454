"""The assessment of one model: from its history of counts to measures, findings and colours; pure, no warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from dashboard.colour import GREEN, GREY, NAMES, Codes
from dashboard.evaluation.health import Stable, family_codes, headline, model_codes, rank
from dashboard.evaluation.measure_rows import Measures
from dashboard.evaluation.measures import add_batch_measures, add_cohort_measures, shown_colour
from dashboard.evaluation.memory import MODEL, Memory, far
from dashboard.evaluation.remembered import memories
from dashboard.evaluation.runs import Runs
from dashboard.evaluation.seen import Seen
from dashboard.finding import Finding
from dashboard.history import Assessment, CohortRow, HealthRow, ModelHistory, VersionHistory
from dashboard.performance.cohort_verdicts import judge_cohort, over_batches
from dashboard.performance.cohorts import timeline
from dashboard.performance.expected_losses import add_expected_losses
from dashboard.rule import Verdicts
from dashboard.rules import (
    absent,
    constant,
    drift,
    duplicate_ids,
    gap,
    immature,
    late,
    missing,
    no_reference,
    other_bins,
    out_of_range,
    row_count,
    sentence,
    too_few_rows,
    type_changed,
    unseen,
    vanished,
)
from dashboard.tally import Flags, tally
from dashboard.text import Text
from qod.cadence import parse_cadence


def assess(history: ModelHistory) -> Assessment:
    """Measures, findings (only what is not green) and a health row for every batch of every version of a model, and
    what was made of every cohort.

    The same history gives the same assessment, in whatever order its versions, batches, variables and cohorts come.
    A batch is judged by what came before it, so that assessing all at once equals assessing day by day; only the
    newest batch of the model is seen with the eyes of ``history.as_of``. A history that begins later, with what the
    first of its batches found (``VersionHistory.before``), gives the same of the batches from there on. No data is
    grey, never green. Raises InputError for a cadence that cannot be read.
    """
    model = history.model
    measures = Measures(model.model_id)
    findings: list[Finding] = []
    health: list[HealthRow] = []
    cohorts: list[CohortRow] = []
    newest = max((key for version in history.versions for key in _keys(version)), default=None)
    for version in sorted(history.versions, key=lambda version: (version.order, version.model_version)):
        seen = Seen(
            history,
            version,
            tally(version),
            timeline(version.cohorts, model),
            {
                cohort.cohort_id: judge_cohort(cohort, version.baselines, version.training, model)
                for cohort in version.cohorts
            },
            is_newest=newest is not None and newest[2] == version.model_version,
        )
        of_version = []
        for cohort in seen.truth.cohorts:
            judged = seen.cohorts[cohort.cohort_id]
            colour = shown_colour(cohort, judged, model, history.as_of)
            of_version.append(CohortRow(version.model_version, cohort, judged, colour))
        add_cohort_measures(measures, version.model_version, of_version)
        cohorts += of_version
        if len(seen.counted.batches) > seen.counted.first:
            rows, found = _assess_version(seen, measures)
            health += rows
            findings += found
    return Assessment(measures, findings, health, cohorts)


def _keys(version: VersionHistory) -> Iterable[tuple[date, int, str, str]]:
    return ((batch.batch_date, version.order, version.model_version, batch.batch_id) for batch in version.batches)


def _assess_version(seen: Seen, measures: Measures) -> tuple[list[HealthRow], list[Finding]]:
    model, policy, counted = seen.history.model, seen.history.model.policy, seen.counted
    dates = counted.dates
    # A batch is seen on its own day, the model's newest one today.
    days = [*dates[:-1], max(seen.history.as_of, dates[-1]) if seen.is_newest else dates[-1]]
    frozen = constant.is_frozen(counted)
    holes = missing.judge(counted, policy, kept=seen.kept(missing.RULE.key))
    moved = drift.judge(counted, policy, frozen=frozen, kept=seen.kept(drift.RULE.key))
    sizes = row_count.judge(counted.rows, dates, policy, first=counted.first, kept=seen.kept(row_count.RULE.key))
    performance = over_batches(seen.cohorts, seen.truth, model, days)
    freshness = late.judge(
        dates, cadence=model.cadence, as_of=seen.history.as_of, policy=policy, is_newest=seen.is_newest
    )
    verdicts = [
        holes,
        unseen.judge(counted, policy, kept=seen.kept(unseen.RULE.key)),
        out_of_range.judge(counted, policy, kept=seen.kept(out_of_range.RULE.key)),
        vanished.judge(counted, policy, frozen=frozen, kept=seen.kept(vanished.RULE.key)),
        absent.judge(counted, policy),
        type_changed.judge(counted, policy),
        constant.judge(counted, policy, frozen=frozen),
        sizes,
        duplicate_ids.judge(counted, policy),
        gap.judge(dates, days=seen.model_days, cadence=model.cadence),
        moved.verdicts,
        too_few_rows.judge(moved.too_few, moved.rows, moved.batches, policy),
        other_bins.judge(counted.stale, variables=len(counted.variables)),
        no_reference.judge(len(dates), variables=len(counted.variables)),
        performance,
        immature.judge(seen.truth, model, days, is_newest=seen.is_newest),
        freshness,
    ]
    # A rule that the policy switches off still keeps what it knows of the past, for the day it judges again.
    verdicts = [replace(one, codes=np.zeros_like(one.codes)) if one.rule.key in policy.off else one for one in verdicts]
    add_batch_measures(measures, version=seen.version.model_version, tally=counted, moved=moved, sizes=sizes)
    losses = seen.version.training.losses
    add_expected_losses(measures, version=seen.version.model_version, tally=counted, losses=losses)
    # A variable whose drift the policy leaves alone says nothing of the others.
    judged = policy.judges(drift.RULE.key, counted.names)
    leading = (
        (moved.verdicts, moved.shown[:, judged] if judged.any() else moved.shown),
        (holes, holes.codes[:, ~counted.derived]),
        (performance, performance.codes),
        (freshness, freshness.codes),
    )
    off = {one.rule.family for one, _ in leading if one.rule.key in policy.off}
    grey: dict[str, Flags] = {
        one.rule.family: (codes == GREY).all(axis=-1) | (one.rule.family in off) for one, codes in leading
    }
    families = family_codes(verdicts, grey, light=policy.importance_light)
    colours = model_codes(families, off=off)
    shown = {verdict.rule.key: (verdict.codes, verdict.subjects) for verdict in verdicts}
    standing = seen.standing({**shown, MODEL: (colours[:, None], (MODEL,))})
    by_batch = _findings(seen, verdicts, standing)
    unjudged = ((moved.shown == GREY) | ~judged).sum(axis=-1).tolist()
    found = memories(counted, seen.version.before, seen.truth, verdicts, standing, reach=far(policy))
    rows = _health(seen, families, colours, standing[MODEL], by_batch, performance, unjudged, found)
    return rows, [one for found in by_batch for one in found]


def _findings(seen: Seen, verdicts: Sequence[Verdicts], standing: Mapping[str, Runs]) -> list[list[Finding]]:
    """The findings of each batch that is judged, the one to tell first at the front."""
    dates, batches, first = seen.counted.dates, seen.counted.batches, seen.counted.first
    model_id, version = seen.history.model.model_id, seen.version.model_version
    found: list[list[Finding]] = [[] for _ in batches[first:]]
    for verdict in verdicts:
        rule, weights, since = verdict.rule, verdict.weights, standing[verdict.rule.key].since
        for t, s, code, facts in verdict.not_green(first):
            found[t - first].append(
                Finding(
                    model_id,
                    version,
                    batches[t].batch_id,
                    dates[t],
                    verdict.subjects[s],
                    rule.key,
                    rule.family,
                    NAMES[code],
                    verdict.since or date.fromordinal(int(since[t - first, s])),
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
    seen: Seen,
    families: dict[str, Codes],
    colours: Codes,
    standing: Runs,
    by_batch: Sequence[Sequence[Finding]],
    performance: Verdicts,
    unjudged: Sequence[int],
    memories: Sequence[Memory | None],
) -> list[HealthRow]:
    counted, first = seen.counted, seen.counted.first
    codes, by_family = colours.tolist(), {family: found.tolist() for family, found in families.items()}
    rows = []
    for t, findings in enumerate(by_batch, first):
        batch = counted.batches[t]
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
                since=date.fromordinal(int(standing.since[t - first, 0])),
                headline_en=text.en,
                headline_fr=text.fr,
                version_order=seen.version.order,
                memory=memories[t - first],
            )
        )
    if seen.is_newest:
        rows[-1] = _today(seen, rows[-1], by_batch[-1])
    return rows


def _truth(performance: Verdicts, findings: Sequence[Finding], seen: Seen, t: int) -> Text | None:
    """What a green headline adds on performance: the newest cohort's measure, or why there is none."""
    grey = next((f for f in findings if f.family == "performance" and f.colour == "grey"), None)
    if grey is not None:
        return sentence(grey)
    if performance.words is None or performance.codes[t, 0] == GREY:
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


def _today(seen: Seen, row: HealthRow, findings: Sequence[Finding]) -> HealthRow:
    """The model's newest row, with what the passing of time does to it."""
    overdue = next((finding for finding in findings if finding.rule == late.RULE.key), None)
    since = row.since
    if overdue is not None and row.colour == "grey" and "grey" not in (row.drift, row.quality):
        # Nothing but its age makes it grey, and that began on the day the next batch was due.
        since = overdue.since
    return replace(row, since=since, valid_until=_valid_until(seen, is_late=overdue is not None))


def _valid_until(seen: Seen, *, is_late: bool) -> date | None:
    """The first day after today on which something changes by itself: lateness, a cohort's maturity."""
    history = seen.history
    days = [late.late_from(seen.counted.dates[-1], parse_cadence(history.model.cadence), history.model.policy)]
    if is_late:
        # Its sentence names the year from then on.
        days.append(date(history.as_of.year + 1, 1, 1))
    for version in history.versions:
        final = timeline(version.cohorts, history.model).next_turn(history.as_of)
        if final is not None:
            days.append(final)
    return min((day for day in days if day > history.as_of), default=None)
