"""A finding of every rule can be told, and nobody's names can say more than themselves."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from dashboard import rules
from dashboard.alerts.mail.mail import mail_of
from dashboard.alerts.writing.cause import CAUSES
from dashboard.alerts.writing.neutral import block, neutral
from dashboard.alerts.writing.subject import LONGEST
from dashboard.evaluation.assess import assess
from dashboard.finding import Finding
from dashboard.links import finding_link
from dashboard.text import LANGUAGES, Language
from tests.alerts.letters import EVIL
from tests.alerts.told import (
    LETTER,
    SETTINGS,
    both,
    changed,
    missing,
    model,
    one,
    spaced,
    with_names,
    words,
)
from tests.test_rederive import broken, read_back
from tests.test_rederive import world as history_of

RED = changed(model(findings=[missing()], name="Churn, mobile postpaid"))


def examples() -> dict[tuple[str, str], Finding]:
    """One finding of every rule and colour that random histories show, as it comes from the table."""
    found: dict[tuple[str, str], Finding] = {}
    for of in (history_of(0), history_of(1), *broken()):
        for finding in read_back(assess(of).findings):
            found.setdefault((finding.rule, finding.colour), finding)
    return found


def test_a_finding_of_every_rule_can_be_told_in_both_languages() -> None:
    found = examples()
    assert {rule for rule, _ in found} == set(rules.load())
    assert set(CAUSES) == set(rules.load())
    for (rule, colour), finding in found.items():
        own = replace(finding, model_id="churn")
        change = changed(model(findings=[own], state=colour if colour in ("red", "amber") else "late"))
        for language in LANGUAGES:
            letter = one(change, language)
            said = spaced(rules.sentence(own)[language])
            for body in both(letter):
                assert said in body, (rule, colour, language)
            assert "{" not in letter.subject + letter.plain
            assert "None" not in letter.plain
            assert len(letter.subject) <= LONGEST
            assert finding_link(SETTINGS.public_url, own, f"{LETTER}.0000") in letter.plain


def test_a_finding_stored_without_its_numbers_is_told_without_them() -> None:
    bare = [missing(facts={}), missing(facts={"amber": None, "red": "much"})]
    for finding in bare:
        letter = one(changed(model(findings=[finding])))
        assert "tenure_months went missing on 19" in letter.plain


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVIL)
def test_names_say_nothing_but_themselves(name: str, language: Language) -> None:
    plain = one(RED, language)
    change = with_names(RED, name)
    letter = one(change, language)
    assert len(letter.subject) <= LONGEST
    assert len(letter.subject.splitlines()) == 1
    seen = re.sub("[\u2068\u2069\u00a0\u202f\n]", " ", letter.subject + letter.plain + words(letter.html))
    assert seen.isprintable()
    assert set(re.findall(r"<(\w+)", letter.html)) <= set(re.findall(r"<(\w+)", plain.html))
    for href in re.findall(r'href="([^"]*)"', letter.html):
        assert href.startswith(
            ("https://vigie.example.org/app/", "https://wiki.example.org/", "https://airflow.example.org/")
        )
    # No name begins a line of its own: as many lines stand between the same words.
    assert not re.search(r"^(Bcc|X-|body)", letter.plain, flags=re.M)
    mail = mail_of(letter, replace(SETTINGS, mail_from="vigie@example.org"))
    assert set(mail.keys()) == set(mail_of(plain, replace(SETTINGS, mail_from="vigie@example.org")).keys())
    json.dumps(letter.payload, allow_nan=False)


def test_right_to_left_words_keep_to_themselves() -> None:
    assert neutral("age אבג 123 b") == "age \u2068אבג\u2069 123 b"
    assert neutral("a\u202eb\nc\u200f d") == "a b c d"
    assert neutral("plain") == "plain"
    assert neutral("12\u202f% de \u00ab\u00a0x\u00a0\u00bb") == "12\u202f% de \u00ab\u00a0x\u00a0\u00bb"
    assert block("a\r\n\tb\u202e") == "a\n\tb\\u202e"
