"""Advice on a sudden quality incident: which rows to hold back now (the band-aid), and what mends it (the cure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final

from dashboard.alerts.advising import words
from dashboard.finding import Finding
from dashboard.judging.enumeration import enumerated
from dashboard.text import Text
from dashboard.world import World
from qod.bins import Bins
from qod.frozen import bins_of
from qod.guard_json import as_json
from qod.guard_rules import Guard, Rule, rule_of
from qod.guard_sql import where

if TYPE_CHECKING:
    from qod.warehouse import Warehouse

BY_ROW: Final = ("unseen", "out_of_range", "missing")
"""Rules whose rows can be told from others: advice is given where they came at once."""
WHOLE: Final = ("absent", "type_changed")
"""Rules on a whole column, which is never so for some rows alone."""

MOST_KNOWN: Final = 200
"""Levels of training up to which a message names them all, where not every new one could be named."""


@dataclass(frozen=True, slots=True)
class Advice:
    """``band_aid`` and ``cure`` are whole sentences.

    ``sql`` is a WHERE clause that keeps rows and its opposite, in BigQuery's dialect, to be read by people; ``guard``
    is the JSON that ``qod.guard`` applies. Both are empty where no row can be told from another (a whole column is
    gone, or of another type). ``rows`` of the newest batch would be held back, ``share`` (0..1) of them at most.
    ``what`` these rows are, in words, where the advice is of nothing else.
    """

    band_aid: Text
    cure: Text
    sql: str
    guard: Mapping[str, Any]
    rows: int
    share: float | None
    what: Text | None = None

    @property
    def too_many(self) -> bool:
        """Whether so many rows would wait that holding them back is no cure."""
        return self.share is not None and self.share > words.MOST_SHARE


@dataclass(slots=True)
class _Held:
    """What is held back, as it is put together: a rule a variable, and the rows of each reason in words."""

    rules: dict[str, Rule] = field(default_factory=dict)
    told: list[Text] = field(default_factory=list)
    rows: int = 0
    of: int = 0

    def add(self, rule: Rule, told: Text, rows: int, of: int) -> None:
        """Another reason; a variable has one rule, whatever its reasons."""
        before = self.rules.get(rule.variable)
        self.rules[rule.variable] = rule if before is None else _both(before, rule)
        self.told.append(told)
        self.rows += rows
        self.of = max(self.of, of)


def advice_for(world: World, warehouse: Warehouse) -> dict[str, Advice]:
    """By model: the advice on what is wrong with its newest batch, where that came at once; one question for all."""
    concerned = {model.model_id: found for model in world.models.values() if (found := sudden(model.findings))}
    if not concerned:
        return {}
    rows = warehouse.query(
        "guard_references",
        models=sorted(concerned),
        versions=sorted({finding.model_version for found in concerned.values() for finding in found}),
        variables=sorted({finding.subject for found in concerned.values() for finding in found}),
    ).to_pylist()
    of_model: dict[str, list[Mapping[str, Any]]] = {model_id: [] for model_id in concerned}
    for row in rows:
        of_model[row["model_id"]].append(row)
    advised = {model_id: advise(model_id, findings, of_model[model_id]) for model_id, findings in concerned.items()}
    return {model_id: advice for model_id, advice in advised.items() if advice is not None}


def sudden(findings: Iterable[Finding]) -> list[Finding]:
    """Those of broken data that came at once: a break, not the world that moves."""
    return [
        finding for finding in broken(findings) if finding.rule in WHOLE or finding.facts.get("arrival") == "sudden"
    ]


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """Those of data that training did not have, or that are no longer there, however they came."""
    return [finding for finding in findings if finding.rule in (*BY_ROW, *WHOLE) and finding.colour in ("amber", "red")]


def advise(
    model_id: str,
    findings: Iterable[Finding],
    reference_rows: Iterable[Mapping[str, Any]],
    *,
    now: datetime | None = None,
) -> Advice | None:
    """The advice on the broken ones of a batch's findings; None where there is none.

    ``reference_rows`` are those of query ``guard_references``. The score is no matter: rows are held back before they
    have one. The guard is dated ``now``, or the day of the batch, so that the same batch gives the same message.
    """
    known = {(row["model_version"], row["variable"]): row for row in reference_rows}
    relevant = []
    for finding in broken(findings):
        row = known.get((finding.model_version, finding.subject))
        if row is not None and finding.subject != row["score_variable"]:
            relevant.append((finding, row))
    if not relevant:
        return None
    held = _Held()
    whole = []
    for finding, row in relevant:
        if finding.rule in WHOLE:
            whole.append(finding)
        else:
            _hold(held, finding, row)
    first = relevant[0][0]
    near = first.batch_date
    share = min(held.rows / held.of, 1.0) if held.of else None
    rules = [finding.rule for finding, _ in relevant]
    guard = Guard(
        model_id,
        first.model_version,
        now or datetime.combine(near, time(), UTC),
        tuple(rule for _, rule in sorted(held.rules.items())),
    )
    return Advice(
        words.band_aid(held.told, held.rows, share, [finding.subject for finding in whole], near=near),
        words.cure(rules, near=near),
        where(guard) if guard.rules else "",
        as_json(guard) if guard.rules else {},
        held.rows,
        share,
        enumerated(held.told, len(held.told)) if held.told and not whole else None,
    )


def _hold(held: _Held, finding: Finding, row: Mapping[str, Any]) -> None:
    """Add what tells the rows of one finding from the others."""
    facts, name, near = finding.facts, finding.subject, finding.batch_date
    bins = bins_of(row)
    rows, of = int(facts.get("rows") or 0), int(facts.get("n") or 0)
    if finding.rule == "missing":
        rule = Rule(name, bins.kind, missing=True, type=row["type"])
        held.add(rule, words.without(name, near=near), rows, of)
    elif finding.rule == "out_of_range":
        everything = rule_of(name, bins, type=row["type"])
        if everything is not None:
            held.add(everything, words.outside(name, bins.low, bins.high, near=near), rows, of)
    else:
        named = {str(level["level"]): int(level["rows"]) for level in facts.get("levels") or ()}
        rule, rows = _of_levels(name, bins, named, rows, row["type"])
        if not rule.empty:
            held.add(
                rule, words.new_levels(name, list(named), all_named=rows == sum(named.values()), near=near), rows, of
            )


def _of_levels(name: str, bins: Bins, named: Mapping[str, int], rows: int, type: Any) -> tuple[Rule, int]:
    """The rule on new levels, and the rows it holds back.

    The levels themselves where all are named: that is short, and lets a level that comes tomorrow be seen. Else what
    training knew, if that is short; and, if not, the levels that are named.
    """
    everything = rule_of(name, bins, type=type)
    if sum(named.values()) < rows and everything is not None and len(everything.known) <= MOST_KNOWN:
        return everything, rows
    return Rule(name, "categorical", levels=tuple(named), type=type), sum(named.values())


def _both(one: Rule, other: Rule) -> Rule:
    """One rule that holds back what either does; each states what the other does not."""
    bounded, named = (one if one.low is not None else other), (one if one.levels or one.unseen else other)
    return replace(
        one,
        levels=named.levels,
        unseen=named.unseen,
        known=named.known,
        low=bounded.low,
        high=bounded.high,
        missing=one.missing or other.missing,
    )
