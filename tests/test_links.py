"""The addresses of findings: what a mail holds leads to the page, the batch and the finding it is about."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages
from dashboard.finding import Finding
from dashboard.links import PATHS, finding_link, place_of
from dashboard.web.router import Router

ROUTES = pages.load()
HOSTILE = '../a/b?x=1&batch=y#z "q" <script> ~ %2F \u202e é'
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)


def finding(model: str = "churn", subject: str = "tenure", family: str = "quality", **changes: str) -> Finding:
    names = {"model_version": "1", "batch_id": "2026-11-19", "rule": "missing", **changes}
    day = date(2026, 11, 19)
    return Finding(model, names["model_version"], names["batch_id"], day, subject, names["rule"], family, "red", day)


def test_the_paths_are_those_of_the_pages() -> None:
    assert {key: ROUTES[key].page.path for key in PATHS} == PATHS


@pytest.mark.parametrize(
    ("made", "page"),
    [
        (finding(), "variable"),
        (finding(subject="batch", rule="row_count"), "model"),
        (finding(subject="model", family="performance", rule="auc"), "performance"),
    ],
)
def test_a_finding_is_explained_where_its_subject_is(made: Finding, page: str) -> None:
    assert place_of(made).page == page


@given(
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    st.sampled_from(["", "batch", "model"]),
    st.sampled_from(["quality", "performance"]),
)
def test_a_link_leads_to_what_it_was_made_of(
    model: str, subject: str, version: str, batch: str, event: str, whole: str, family: str
) -> None:
    made = finding(model, whole or subject, family, model_version=version, batch_id=batch)
    _leads(made, event, "https://vigie.example.org/lab/", "/lab/")
    _leads(made, event, "https://vigie.example.org", "/")


def test_a_link_of_hostile_names_is_one_link() -> None:
    made = finding(HOSTILE, HOSTILE, model_version=HOSTILE, batch_id=HOSTILE)
    _leads(made, HOSTILE, "https://vigie.example.org", "/")
    assert finding_link("http://h", made).isascii()


def _leads(made: Finding, event: str, base_url: str, base: str) -> None:
    parts = urlsplit(finding_link(base_url, made, event))
    assert parts.fragment == ""
    found = Router(ROUTES, base).find(parts.path, parts.query)
    place = place_of(made)
    assert found is not None
    assert (found.route.page.key, found.args) == (place.page, place.args)
    assert {key: found.params[key] for key in place.params} == place.params
    assert found.params["event"] == event
