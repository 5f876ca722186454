"""Whoever follows an alert's link: what they read at the top, today and after the batch has changed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from dashboard.rules import sentence
from dashboard.web.views.landing import Batch, Named, over_since
from qod.warehouse import Warehouse, open_warehouse
from tests.test_links import finding
from tests.web.asking import Asker, main, of_class, of_kind, text
from tests.web.redelivered import EVENT, finding_of, link, mend, redelivered, tell


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Read it, never write to it."""
    return redelivered(tmp_path_factory.mktemp("told"))


def box(warehouse: Warehouse, address: str, **headers: str) -> str:
    nodes, _ = Asker(warehouse).ask(address, **headers)
    assert not of_class(nodes, "failure")
    return plain(text(of_class(main(nodes), "landing"))).removeprefix("\u25a0 ")


def plain(words: str) -> str:
    """With plain spaces, as a test is typed."""
    return " ".join(words.split())


def test_the_sentence_of_the_mail_stands_at_the_top_and_what_became_of_it(warehouse: Warehouse) -> None:
    found = finding_of(warehouse)
    said = box(warehouse, link(found), Accept_Language="en")
    assert said.startswith(plain(sentence(found).en))
    assert "It is over: the newest batch, of 18 November, no longer has it." in said
    assert "message" not in said, "it says the same still, and need not be quoted"
    french = box(warehouse, link(found), Accept_Language="fr")
    assert french.startswith(plain(sentence(found).fr))


def test_the_finding_itself_is_marked(warehouse: Warehouse) -> None:
    found = finding_of(warehouse)
    address = f"/models/churn?batch={found.batch_id}&version=v1&finding=missing&subject=age&event=none"
    nodes, _ = Asker(warehouse).ask(address)
    (marked,) = of_class(nodes, "marked")
    assert marked["props"]["aria-current"] == "true"
    assert "missing" in text(marked)
    other = Asker(warehouse).ask(address.replace("subject=age", "subject=plan"))[0]
    assert not of_class(other, "marked")


def test_a_batch_that_was_delivered_again_is_told_with_the_mails_own_words(tmp_path: Path) -> None:
    made = redelivered(tmp_path)
    before = finding_of(made)
    mend(made)
    said = box(made, link(before), Accept_Language="en")
    assert f"“{plain(sentence(before).en)}”" in said
    assert "The batch was delivered again on" in said
    assert "and this is no longer found." in said
    french = box(made, link(before), Accept_Language="fr")
    assert "Le lot a été livré de nouveau" in french


def test_a_batch_that_was_judged_again_says_the_colour_it_has_now(tmp_path: Path) -> None:
    made = redelivered(tmp_path)
    found = finding_of(made)
    tell(made, found, "other", colour="amber", sentence_en="Was amber <i>then</i>.")
    said = box(made, link(found, "other"), Accept_Language="en")
    assert "“Was amber <i>then</i>.”" in said, "text, never markup"
    assert f"judged again since, and this is now {found.colour}" in said
    assert "delivered again" not in said


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("batch=1999-01-01&version=v1&finding=missing", "no longer there"),
        ("batch=2026-11-16&version=v9&finding=missing", "no longer there"),
        ("batch=2026-11-16&version=v1&finding=nonsense", "names no finding that Vigie knows"),
        ("finding=%3Cscript%3E", "names no finding that Vigie knows"),
        ("batch=2026-11-16&version=v1&finding=duplicate_ids", "finds nothing of the kind in the batch of 16 November"),
        ("batch=2026-11-16&version=v1&finding=missing&event=never", "is not on record"),
    ],
)
@pytest.mark.parametrize("path", ["/models/churn", "/models/churn/inputs/age"])
def test_a_link_that_has_aged_or_was_never_right_gets_a_sentence(
    warehouse: Warehouse, path: str, query: str, expected: str
) -> None:
    about = "&subject=nobody" if path == "/models/churn" else ""
    said = box(warehouse, f"{path}?{query}{about}", Accept_Language="en")
    assert expected in said
    assert "script" not in said
    assert "nobody" not in said


def test_a_message_fills_in_what_the_address_leaves_out(warehouse: Warehouse) -> None:
    said = box(warehouse, f"/models/churn/inputs/age?event={quote(EVENT)}", Accept_Language="en")
    assert said.startswith(plain(sentence(finding_of(warehouse)).en))


def test_links_to_another_batch_leave_the_finding_behind(warehouse: Warehouse) -> None:
    nodes, _ = Asker(warehouse).ask(link(finding_of(warehouse)).replace("/inputs/age", "") + "&subject=age&lang=en")
    others = [a["props"]["href"] for a in of_kind(of_class(main(nodes), "strip-links"), "A")]
    assert len(others) == 7
    assert not [href for href in others if "finding" in href or "event" in href]


def test_the_lists_of_a_page_link_with_batch_version_and_finding(warehouse: Warehouse) -> None:
    found = finding_of(warehouse)
    nodes, _ = Asker(warehouse).ask(f"/models/churn?batch={found.batch_id}&version=v1")
    links = [a["props"]["href"] for a in of_kind(of_class(main(nodes), "findings"), "A")]
    assert sorted(parse_qsl(urlsplit(link(found, None)).query)) in [
        sorted(parse_qsl(urlsplit(one).query)) for one in links
    ]


def test_a_link_to_a_finding_of_the_newest_batch_marks_it_and_needs_no_box(demo_folder: Path) -> None:
    address = "/models/churn-postpaid?batch=2026-11-21&version=v1&finding=missing&subject=tenure_months"
    nodes, _ = Asker(open_warehouse(demo_folder)).ask(address)
    assert len(of_class(nodes, "marked")) == 1
    assert not of_class(nodes, "landing"), "the page itself says so"


def test_the_performance_page_is_a_landing_too(demo_folder: Path) -> None:
    asker = Asker(open_warehouse(demo_folder))
    words = asker.words(
        "/models/upsell-fibre/performance?batch=2026-11-10&version=v1&finding=auc", Accept_Language="en"
    )
    assert "The newest batch, of 21 November, still has it." in plain(words)
    assert "no longer there" in asker.words(
        "/models/upsell-fibre/performance?batch=never&finding=auc", Accept_Language="en"
    )


def test_it_is_over_from_the_first_batch_of_the_present_calm_run_on() -> None:
    days = [date(2026, 11, number) for number in range(1, 11)]
    batches = [{"batch_date": day} for day in days]
    course = [{"batch_date": day} for day in (days[0], days[1], days[4])]
    asked = Batch("1", "b", days[0], newest=False)
    assert over_since(course, batches, asked, days[-1]) == days[5]
    assert over_since([*course, {"batch_date": days[-1]}], batches, asked, days[-1]) is None
    assert over_since(course, batches, Batch("1", "b", days[-1], newest=True), days[-1]) is None
    assert over_since(course, batches, asked, days[4] + timedelta(days=1)) == days[5]


def test_a_finding_without_a_subject_is_one_of_the_whole() -> None:
    assert Named("", "", "missing", "tenure").names(finding())
    assert not Named("", "", "missing", "").names(finding())
    assert Named("", "", "row_count", "").names(finding(subject="batch", rule="row_count"))
    assert not Named("", "", "drift", "tenure").names(finding())
