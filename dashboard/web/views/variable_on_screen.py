"""What a page about a variable looks at: its version, its batches, the one chosen, and what was found about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.finding import Finding, from_row
from dashboard.policy import Policy
from dashboard.web.findings import worst_first
from dashboard.web.page import Request
from dashboard.web.views.drift_thresholds import with_floor
from dashboard.web.views.policy import policy_of
from dashboard.web.views.timeline import Batch, Timeline
from dashboard.web.views.variable import VariableHistory, together_from, variable_history, without_rows


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A variable with the batch at ``place``, perhaps beside the one ``against``; figures begin with ``begin``.

    ``place`` is None where the version has no batch. ``policy`` has the thresholds that the figures draw, ``judged``
    those that findings were held to. ``findings`` are those of the batch about the variable, the gravest first.
    """

    entry: Mapping[str, Any]
    known: Timeline
    version: str
    history: VariableHistory
    place: int | None
    against: int | None
    begin: int
    policy: Policy
    judged: Policy
    findings: tuple[Finding, ...]

    @property
    def variable(self) -> str:
        """The name of the variable."""
        return str(self.history.reference["variable"])

    @property
    def batch(self) -> Batch:
        """The batch that is looked at; there must be one."""
        assert self.place is not None
        return self.history.batches[self.place]

    @property
    def colour(self) -> str | None:
        """The colour of the gravest finding, else that of drift in the batch; None without a batch."""
        if self.place is None:
            return None
        coloured = [finding.colour for finding in self.findings[:1] if finding.colour != "note"]
        return coloured[0] if coloured else self.history.colours[self.place]


def version_of(request: Request, known: Timeline, having: Collection[str]) -> str:
    """The version asked for, else one that has the batch asked for, else the present one; of those ``having`` it.

    ``having`` names one version at least.
    """
    asked, batch = request.params["version"], request.params["batch"]
    if asked in having:
        return str(asked)
    newest_first = [*filter(None, [known.current]), *(version.name for version in reversed(known.versions))]
    if batch:
        named = {found.model_version for found in known.batches if found.batch_id == batch}
        of_day = {found.model_version for found in known.in_use() if found.day.isoformat() == batch}
        having_batch = named or of_day
        newest_first = [version for version in newest_first if version in having_batch] + newest_first
    return next(version for version in newest_first if version in having)


def on_screen(request: Request, entry: Mapping[str, Any], known: Timeline, *, version: str, variable: str) -> OnScreen:
    """What the parameters ``batch``, ``against`` and ``last`` ask for, of a variable that ``version`` has."""
    judged = policy_of(request, entry).for_variable(variable)
    history = _history(request, known, judged, version=version, variable=variable)
    place = _place(history, request.params["batch"])
    against = history.place_of(request.params["against"]) if request.params["against"] else None
    against = None if against == place else against
    begin = min([_window(request, len(history.batches)), *(at for at in (place, against) if at is not None)])
    found = _findings(request, history, place, variable) if place is not None else ()
    policy = with_floor(judged, history.reference)
    return OnScreen(entry, known, version, history, place, against, begin, policy, judged, found)


def _history(request: Request, known: Timeline, policy: Policy, *, version: str, variable: str) -> VariableHistory:
    """The batches of the window, of those on screen, and before them as many as may be judged together."""
    key = {"model_id": request.args["model_id"], "model_version": version, "variable": variable}
    batches = known.of(version)
    rows = request.rows("variables", model_id=key["model_id"])
    reference = next(r for r in rows if (r["model_version"], r["variable"]) == (version, variable))
    unread = without_rows(reference, batches)
    if not batches:
        return unread
    asked = (unread.place_of(request.params[name]) for name in ("batch", "against") if request.params[name])
    first = min([_window(request, len(batches)), *(place for place in asked if place is not None)])
    begin = together_from(batches, first, policy)
    days = {"since": batches[begin].day, "until": batches[-1].day}
    return request.reading.keep(
        ("variable_history", *key.values(), begin, *(day.isoformat() for day in days.values())),
        lambda: variable_history(
            reference,
            batches,
            request.reading.once("variable_counts", **key, **days),
            request.reading.once("variable_measures", **key, **days),
            begin=begin,
        ),
    )


def _window(request: Request, batches: int) -> int:
    """Where the window asked for begins."""
    window = int(request.params["last"])
    return max(0, batches - window) if window else 0


def _place(history: VariableHistory, batch: str) -> int | None:
    """The batch asked for, else the newest that was evaluated, else the newest."""
    found = history.place_of(batch) if batch else None
    if found is not None:
        return found
    evaluated = [place for place, seen in enumerate(history.evaluated) if seen]
    return evaluated[-1] if evaluated else (len(history.batches) - 1 if history.batches else None)


def _findings(request: Request, history: VariableHistory, place: int, variable: str) -> tuple[Finding, ...]:
    batch = history.batches[place]
    rows = request.rows(
        "model_findings",
        model_id=request.args["model_id"],
        model_version=batch.model_version,
        batch_id=batch.batch_id,
        batch_date=batch.day,
    )
    own = (row for row in rows if row["subject"] == variable and row["family"] in ("drift", "quality"))
    return tuple(worst_first(from_row(row) for row in own))
