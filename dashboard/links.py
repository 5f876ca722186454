"""The page that explains a finding, and its address: the same for a page's own links and for a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.address import encode_part, write_query
from dashboard.finding import Finding

PATHS: Final[dict[str, str]] = {
    "model": "/models/<model_id>",
    "variable": "/models/<model_id>/inputs/<variable>",
    "performance": "/models/<model_id>/performance",
}
"""The paths of the pages that explain findings, by key."""

WHOLE: Final = ("batch", "model")
"""Subjects that are no variable."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its key, the variable parts of its path, and its query's parameters."""

    page: str
    args: Mapping[str, str]
    params: Mapping[str, str]


def place_of(finding: Finding) -> Place:
    """Where ``finding`` is explained: at its variable, with the model's performance, or on the model's own page."""
    params = {"batch": finding.batch_id, "version": finding.model_version, "finding": finding.rule}
    model = {"model_id": finding.model_id}
    if finding.family == "performance":
        return Place("performance", model, params)
    if finding.subject in WHOLE:
        return Place("model", model, {**params, "subject": finding.subject})
    return Place("variable", {**model, "variable": finding.subject}, params)


def finding_link(base_url: str, finding: Finding, event_id: str | None = None) -> str:
    """The full address of the page that explains ``finding``, for a message.

    ``base_url`` is where the application answers, with the path it is mounted at, if any. ``event_id`` is that of the
    message: the page then knows what it said, also when the finding is no longer there.
    """
    place = place_of(finding)
    parts = [
        encode_part(place.args[part[1:-1]]) if part.startswith("<") else part for part in PATHS[place.page].split("/")
    ]
    query = {**place.params, **({"event": event_id} if event_id else {})}
    return base_url.rstrip("/") + "/".join(parts) + write_query(query)
