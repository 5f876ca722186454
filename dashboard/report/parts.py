"""What a report holds: which pages, about what, in which order, under which heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import format as form
from dashboard.finding import from_row
from dashboard.text import Language, Text
from dashboard.web.components.model_head import TABS
from dashboard.web.findings import worst_first
from dashboard.web.page import Site
from dashboard.web.reader import Reading
from dashboard.web.views.fleet import fleet_rows
from qod.errors import UnknownNameError

VARIABLES: Final = 10
"""Variables with a finding that a report shows in full."""

_ALL: Final = "all=1"
"""All variables, not only as many as a screen begins with."""

_BEFORE: Final = ("model", "inputs")
_AFTER: Final = ("predictions", "performance", "versions")
_OF_FLEET: Final = ("fleet", "incidents")
_TITLES: Final = {"fleet": Text("Fleet", "Flotte"), "incidents": Text("Incidents", "Incidents")}


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a report: its path, its heading, and whether all rows of its tables are wanted.

    An ``optional`` one that does not exist is left out. ``search`` is what its address asks for besides.
    """

    path: str
    title: str
    search: str = ""
    whole: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A report's heading and its parts; ``left_out`` variables have a finding, but no part of their own."""

    title: str
    parts: Sequence[Part]
    left_out: int = 0


def fleet_plan(site: Site, language: Language) -> Plan:
    """The fleet with all its models, and its incidents."""
    keys = [key for key in _OF_FLEET if key in site.pages]
    parts = [Part(site.path_for(key), _TITLES[key][language], whole=key == "fleet") for key in keys]
    return Plan(_TITLES["fleet"][language], parts)


def model_plan(site: Site, reading: Reading, model_id: str, language: Language) -> Plan:
    """The pages of a model, and after its inputs those of the variables with a finding in its newest batch.

    UnknownNameError when there is no such model.
    """
    rows = {row["model_id"]: row for row in fleet_rows(reading)}
    if model_id not in rows:
        raise UnknownNameError("model", model_id, rows)
    entry, titles = rows[model_id], dict(TABS)
    variables = _variables(reading, entry)
    shown = variables[:VARIABLES] if "variable" in site.pages else []

    def pages(keys: Sequence[str]) -> list[Part]:
        return [
            Part(site.path_for(key, model_id=model_id), titles[key][language], _ALL if key == "inputs" else "")
            for key in keys
            if key in site.pages
        ]

    own = [
        Part(site.path_for("variable", model_id=model_id, variable=name), form.name(name, longest=90), optional=True)
        for name in shown
    ]
    parts = [*pages(_BEFORE), *own, *pages(_AFTER)]
    return Plan(form.name(entry["name"], longest=90), parts, left_out=len(variables) - len(shown))


def _variables(reading: Reading, entry: dict[str, Any]) -> list[str]:
    """The variables with a finding in the model's newest batch, worst first."""
    if entry["batch_id"] is None:
        return []
    batch = {key: entry[key] for key in ("model_id", "model_version", "batch_id", "batch_date")}
    findings = worst_first(from_row(row) for row in reading.rows("model_findings", **batch))
    subjects = dict.fromkeys(finding.subject for finding in findings)
    return [subject for subject in subjects if subject not in ("batch", "model")]
