"""What each kind of message says, in both languages, and that nobody's names can say more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard import rules
from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.record import event_ids, sent
from dashboard.alerts.writing.compose import compose
from dashboard.events import Event
from dashboard.incidents import sentence
from dashboard.links import finding_link
from dashboard.retrain.decision import Decision
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, Language, Text
from tests.alerts.told import (
    LETTER,
    OWNER,
    SETTINGS,
    alone,
    both,
    changed,
    late,
    message,
    missing,
    model,
    one,
    shared,
    spaced,
    words,
    world,
)

RED = changed(model(findings=[missing()], name="Churn, mobile postpaid"))


@pytest.mark.parametrize(
    ("kind", "before", "english", "french"),
    [
        (
            "began",
            "green",
            "Churn, mobile postpaid is red: tenure_months went missing on 19 November",
            "Churn, mobile postpaid passe au rouge : tenure_months manque depuis le 19 novembre",
        ),
        (
            "worse",
            "amber",
            "Churn, mobile postpaid is red, amber until now: tenure_months went missing on 19 November",
            "Churn, mobile postpaid passe au rouge, à l’orange jusqu’ici : tenure_months manque depuis le 19 novembre",
        ),
        (
            "reminder",
            "red",
            "Reminder: Churn, mobile postpaid is still red: tenure_months went missing on 19 November",
            "Rappel : Churn, mobile postpaid est toujours au rouge : tenure_months manque depuis le 19 novembre",
        ),
        (
            "again",
            "red",
            "Churn, mobile postpaid is still red: tenure_months went missing on 19 November",
            "Churn, mobile postpaid est toujours au rouge : tenure_months manque depuis le 19 novembre",
        ),
    ],
)
def test_a_subject_says_model_colour_and_cause(kind: str, before: str, english: str, french: str) -> None:
    change = replace(RED, kind=kind, before=before)
    assert spaced(one(change).subject) == english
    assert spaced(one(change, "fr").subject) == french


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_on_a_red_model_says_what_since_when_by_which_numbers_and_where(language: Language) -> None:
    finding = missing()
    letter = one(replace(RED, kind="worse", before="amber"), language)
    link = finding_link(SETTINGS.public_url, finding, f"{LETTER}.0000")
    asked = {
        "en": ("Red since 19 November (3 days), amber until now.", "amber from 1.2 %, red from 5.2 %"),
        "fr": ("Rouge depuis le 19 novembre (3 jours), à l’orange jusqu’ici.", "orange dès 1,2 %, rouge dès 5,2 %"),
    }
    for body in both(letter):
        for part in (rules.sentence(finding)[language], *asked[language]):
            assert spaced(part) in body
    assert link in letter.plain
    assert f'href="{link.replace("&", "&amp;")}"' in letter.html
    assert "https://wiki.example.org/churn" in letter.plain
    assert "https://vigie.example.org/app/incidents?at=model%3Achurn#model%3Achurn" in letter.plain
    assert (letter.to, letter.threads) == (OWNER, ("model:churn",))


def test_the_links_carry_the_events_that_are_recorded() -> None:
    change = changed(model(findings=[missing(), missing(subject="plan"), missing(subject="age")]))
    told = message(alone(change))
    letter = compose(told, world([change]), SETTINGS)
    events = {event.event_id: event for event in sent(told, "smtp", letter.written_at)}
    linked = re.findall(r"inputs/(\w+)\?\S*&event=(\S+)", letter.plain)
    assert {subject for subject, _ in linked} == {"tenure_months", "plan", "age"}
    for subject, event_id in linked:
        assert events[event_id].subject == subject
        assert events[event_id].facts["rule"] == "missing"
    assert set(event_ids(told).values()) == set(events)


def test_three_findings_are_told_and_the_others_counted() -> None:
    change = changed(model(findings=[missing(subject=f"x{n}") for n in range(5)]))
    for language, more in (("en", "And 2 more findings"), ("fr", "Et 2 autres constats")):
        letter = one(change, language)
        for body in both(letter):
            assert "x2 " in body
            assert "x3 " not in body
            assert more in body


def test_advice_and_the_refusal_to_retrain_are_told_with_their_reasons() -> None:
    refused = Decision(
        "churn", "v3", "b", date(2026, 11, 19), "refused", "airflow", "r",
        (Text("Its data are broken.", "Ses données sont cassées."), Text("One red batch.", "Un seul lot rouge.")),
    )  # fmt: skip
    advice = Advice(
        Text("Hold back 760 rows.", "Mettez 760 lignes de côté."), Text("Mend the source.", "Réparez la source."),
        "WHERE tenure_months IS NOT NULL\n  AND `plan` < 3", {"version": 1, "rules": [{"variable": "tenure_months"}]},
        760, 0.19,
    )  # fmt: skip
    asked = {
        "en": ("Hold back 760 rows.", "Mend the source.", "It was not asked for:", "Its data are broken."),
        "fr": ("Mettez 760 lignes de côté.", "Réparez la source.", "Il n’a pas été demandé", "Un seul lot rouge."),
    }
    for language in LANGUAGES:
        letter = one(replace(RED, retraining=refused), language, advice={"churn": advice})
        for body in both(letter):
            for part in (*asked[language], "AND `plan` < 3", '"variable": "tenure_months"'):
                assert part in body
        assert "    WHERE tenure_months IS NOT NULL\n      AND `plan` < 3\n" in letter.plain
        assert "AND `plan` &lt; 3</pre>" in letter.html
        assert {name: json.loads(file) for name, file in letter.files.items()} == {
            "vigie-guard-churn.json": advice.guard
        }


def test_a_retraining_that_waits_leads_to_where_it_is_approved() -> None:
    waits = Decision("churn", "v3", "b", date(2026, 11, 19), "awaiting", "airflow", "r")
    letter = one(replace(RED, retraining=waits))
    assert "It waits for somebody's approval." in words(letter.html)
    assert "Approve or decline it:\nhttps://vigie.example.org/app/models/churn\n" in letter.plain


def test_one_broken_column_in_three_models_is_one_message_on_the_column() -> None:
    changes = [changed(model(name, [missing(name)])) for name in ("churn", "fraud", "upsell")]
    group = shared(changes)
    for language, subject in (
        ("en", "The column tenure_months went missing in 3 models on 19 November"),
        ("fr", "La colonne tenure_months manque dans 3 modèles depuis le 19 novembre"),
    ):
        letter = compose(message(group, language=language), world(changes), SETTINGS)
        assert spaced(letter.subject) == subject
        assert letter.threads == ("incident:2026-11-19:tenure_months",)
        said = sentence(group.incident, {name: name.title() for name in group.models})[language]
        for body in both(letter):
            assert spaced(said) in body
        for name in group.models:
            assert f"/models/{name}/inputs/tenure_months?" in letter.plain
        assert "/incidents?at=2026-11-19%3Atenure_months#2026-11-19%3Atenure_months" in letter.plain


def test_an_owner_of_one_of_several_broken_models_reads_which_and_that_others_are() -> None:
    changes = [changed(model(name, [missing(name)])) for name in ("churn", "fraud", "upsell")]
    group = replace(shared(changes), changes=(changes[1],))
    letter = compose(message(group), world(changes), SETTINGS)
    said = "Fraud is red: tenure_months went missing in 3 models on 19 November"
    assert spaced(letter.subject) == said
    assert "Churn, Fraud and Upsell" in words(letter.html)
    assert letter.threads == ("model:fraud", "incident:2026-11-19:tenure_months")


def sent_before(subject: str, *, now: str = "red", to: str = OWNER) -> Event:
    facts = {
        **{"to": to, "now": now, "rule": "missing", "since": "2026-11-09"},
        **{"sentence_en": f"{subject} was missing.", "sentence_fr": f"{subject} manquait."},
    }
    at = datetime(2026, 11, 10, tzinfo=UTC)
    return Event(f"old.{subject}", at, "message_sent", "churn", subject=subject, facts=facts)


def test_a_recovery_says_what_it_was_and_how_long_it_lasted() -> None:
    history = tuple(
        (date(2026, 11, 1) + timedelta(days=n), "green" if n < 8 or n > 17 else "grey" if n == 10 else "red")
        for n in range(21)
    )
    change = changed(model(history=history), "recovered", "red")
    other = sent_before("x", to="other@example.org")
    events = [sent_before("older"), sent_before("", now="green"), sent_before("plan"), other]
    letter = one(change, events=events)
    assert spaced(letter.subject) == "Churn is green again after 10 days"
    for body in both(letter):
        assert "It lasted 10 days, from 9 November on." in body
        assert "plan was missing." in body
        assert "older was missing." not in body
        assert "x was missing." not in body
        assert "All 13 variables are stable." in body
    french = one(change, "fr", events=events)
    assert spaced(french.subject) == "Churn est de nouveau au vert après 10 jours"
    assert "plan manquait." in french.plain


def test_a_recovery_of_which_nothing_is_kept_is_told_all_the_same() -> None:
    letter = one(changed(model(since=None), "recovered", "amber"))
    assert spaced(letter.subject) == "Churn is green again"
    assert spaced(one(changed(model(), "recovered", "late")).subject) == "Churn is green again: a batch has come"


def test_what_passed_untold_is_told_with_its_days() -> None:
    passed = ((date(2026, 11, 17), "amber"), (date(2026, 11, 18), "red"))
    letter = one(changed(model(), "passed", passed=passed))
    assert spaced(letter.subject) == "Churn was red for a while and is green again"
    for body in both(letter):
        assert re.search(r"The batch of 18.November was red\.", body)


def test_a_late_batch_is_said_to_be_late_and_not_grey() -> None:
    change = changed(model(findings=[late()]), "late")
    letter = one(change, "fr")
    assert spaced(letter.subject) == "Churn : aucun lot depuis le 12 novembre"
    for body in both(letter):
        assert "○ En retard" in body
        assert "https://airflow.example.org/churn" in letter.plain


def storm(number: int) -> list[Any]:
    """As many changes, the last two of which are recoveries."""
    made = [changed(model(f"m{n:03d}", [missing(f"m{n:03d}", f"x{n}")])) for n in range(number - 2)]
    return [*made, *(changed(model(f"w{n}"), "recovered", "red") for n in range(2))]


def test_a_storm_is_one_short_message_the_worst_first() -> None:
    changes = storm(300)
    letter = compose(message(*map(alone, changes)), world(changes), SETTINGS)
    assert spaced(letter.subject) == "300 models of yours changed: 298 red, 2 green again"
    assert len(letter.html.encode()) < 100_000
    assert letter.plain.count("/models/m") == 25
    assert "And 275 more." in words(letter.html)
    assert "https://vigie.example.org/app/?owner=lea.martin%40example.com" in letter.plain
    assert letter.pictures == {}
    assert letter.threads == ()
    french = compose(message(*map(alone, changes), language="fr"), world(changes), SETTINGS)
    assert spaced(french.subject) == "300 de vos modèles ont changé : 298 au rouge, 2 de nouveau au vert"


def test_one_column_in_300_models_is_a_short_message_too() -> None:
    changes = [changed(model(f"m{n:03d}", [missing(f"m{n:03d}")])) for n in range(300)]
    letter = compose(message(shared(changes)), world(changes), SETTINGS)
    assert spaced(letter.subject) == "The column tenure_months went missing in 300 models on 19 November"
    assert len(letter.html.encode()) < 100_000
    assert "?owner=lea.martin%40example.com&colour=red" in letter.plain


def test_the_footer_says_why_it_came() -> None:
    assert "the registry names you as the owner of Churn, mobile postpaid." in words(one(RED).html)
    nobody = replace(RED, model=replace(RED.model, owner=""))
    letter = compose(message(alone(nobody)), world([nobody]), SETTINGS)
    assert "The registry names no owner for Churn, mobile postpaid." in words(letter.html)
    default = replace(SETTINGS, default_owner=OWNER)
    letter = compose(message(alone(RED)), world([RED]), default)
    assert "without another owner come to you" in words(letter.html)


def test_without_the_address_of_the_pages_nothing_is_linked_to_nowhere() -> None:
    letter = compose(message(alone(RED)), world([RED]), Settings())
    assert "/models/" not in letter.plain
    assert 'href="/' not in letter.html
    assert spaced(rules.sentence(missing()).en) in spaced(letter.plain)


def test_the_same_message_is_the_same_letter() -> None:
    assert one(RED) == one(RED)
