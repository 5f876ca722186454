"""What a message says of several models at once: who is red, what to hold back, and whom it concerns too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.alerts.advising.advice import Advice
from dashboard.alerts.writing.compose import compose
from dashboard.text import Text
from tests.alerts.told import (
    OWNER,
    SETTINGS,
    alone,
    both,
    changed,
    late,
    message,
    missing,
    model,
    shared,
    spaced,
    world,
)

SQL = "-- kept\nWHERE NOT (\n  x IS NULL\n)\n\n-- held back\nWHERE (\n  x IS NULL\n)\n"


def red(name: str, **more: Any) -> Any:
    return changed(model(name.lower(), [missing(name.lower())], name=name, **more))


def subjects(*changes: Any) -> tuple[str, str]:
    letters = [
        compose(message(*map(alone, changes), language=language), world(changes), SETTINGS) for language in ("en", "fr")
    ]
    return spaced(letters[0].subject), spaced(letters[1].subject)


def test_up_to_three_models_are_named_in_the_subject_with_how_they_are() -> None:
    fibre, mobile = red("Upsell, fibre"), red("Upsell, mobile data")
    assert subjects(fibre, mobile) == (
        "Upsell, fibre and Upsell, mobile data are red",
        "Upsell, fibre et Upsell, mobile data sont au rouge",
    )
    north = changed(model("north", [late("north")]), "late")
    assert subjects(fibre, north) == (
        "Upsell, fibre is red; North is late",
        "Upsell, fibre est au rouge ; North est en retard",
    )
    again = [replace(one, kind="reminder", before="red") for one in (fibre, mobile)]
    assert subjects(*again) == (
        "Reminder: Upsell, fibre and Upsell, mobile data are still red",
        "Rappel : Upsell, fibre et Upsell, mobile data sont toujours au rouge",
    )
    assert subjects(fibre, mobile, red("C"), red("D"))[0] == "4 models of yours changed: 4 red"


def test_names_that_do_not_fit_are_cut_and_if_they_would_say_nothing_counted() -> None:
    cut = subjects(*(red(f"{n} {'very ' * 12}long") for n in range(3)))
    assert all("…" in one and len(one) <= 120 for one in cut)
    assert cut[0].startswith("0 very")


def test_what_else_was_found_is_left_out_before_names_are_cut_to_pieces() -> None:
    found = [missing("m", "tenure_months_of_contract"), *(missing("m", f"x{n}") for n in range(5))]
    change = changed(model("m", found, name="Upsell, mobile data, north-west and south"), "worse", "amber")
    letter = compose(message(alone(change), language="fr"), world([change]), SETTINGS)
    assert "tenure_mont…of_contract" in letter.subject or "tenure_months_of_contract" in letter.subject
    assert "constat" not in letter.subject


def advice(share: float, what: str = "rows without x") -> Advice:
    return Advice(
        Text(f"Hold {share}.", f"Écarter {share}."), Text("Mend it.", "Réparer."), SQL, {"rules": [1]}, 9, share,
        Text(what, f"{what} (fr)"),
    )  # fmt: skip


def test_the_filter_is_shown_once_with_how_to_turn_it_round() -> None:
    letter = compose(message(alone(red("A"))), world([red("A")]), SETTINGS, advice={"a": advice(0.1)})
    for body in both(letter):
        assert body.count("x IS NULL") == 1
        assert "without NOT, those held back" in body
        assert '{"rules": [1]}' in body
        assert body.index("Hold 0.1.") < body.index("Mend it.")


def test_where_holding_back_is_no_cure_the_cure_comes_first_and_the_filter_is_short() -> None:
    letter = compose(message(alone(red("A"))), world([red("A")]), SETTINGS, advice={"a": advice(0.3)})
    for body in both(letter):
        assert body.index("Mend it.") < body.index("Hold 0.3.") < body.index("x IS NULL")
        assert body.count("x IS NULL") == 1
        assert "rules" not in body


@pytest.mark.parametrize(
    ("shares", "english", "french"),
    [
        ((0.1, 0.12), "hold back rows without x: 10 % to 12 % of each batch.", "10 % à 12 % de chaque lot."),
        ((0.1, 0.1), "hold back rows without x: 10 % of each batch.", ": 10 % de chaque lot."),
        ((0.3, 0.4), "rows without x is no cure: 30 % to 40 % of each batch", "n’est pas un remède : 30 % à 40 % de"),
    ],
)
def test_models_with_the_same_filter_share_it(shares: tuple[float, float], english: str, french: str) -> None:
    changes, given = [red("A"), red("B")], dict(zip("ab", map(advice, shares), strict=True))
    for language, asked in (("en", english), ("fr", french)):
        told = message(*map(alone, changes), language=language)  # type: ignore[arg-type]
        for body in both(compose(told, world(changes), SETTINGS, advice=given)):
            assert asked in spaced(body)
            assert body.count("x IS NULL") == 1


def test_models_with_other_filters_are_told_apart() -> None:
    changes, given = [red("A"), red("B")], {"a": advice(0.1), "b": advice(0.1, "rows without y")}
    for body in both(compose(message(*map(alone, changes)), world(changes), SETTINGS, advice=given)):
        assert "For A: hold 0.1." in body
        assert "For B: hold 0.1." in body
    for body in both(compose(message(*map(alone, changes)), world(changes), SETTINGS, advice={"a": advice(0.1)})):
        assert "For A: hold 0.1." in body


def test_other_owners_of_an_incident_are_named_and_only_they() -> None:
    own, other = [red("A"), red("B")], red("C", owner="nadia@example.org")
    group = shared([*own, other])
    mine = replace(group, changes=tuple(own))
    for language, asked in (
        ("en", "It also concerns nadia@example.org (C)."),
        ("fr", "Également concernés : nadia@example.org (C)."),
    ):
        for changes in (mine, replace(group, changes=(own[0],))):
            letter = compose(message(changes, language=language), world([*own, other]), SETTINGS)  # type: ignore[arg-type]
            for body in both(letter):
                assert asked in spaced(body)
                assert OWNER not in spaced(body)
    for body in both(compose(message(shared(own)), world(own), SETTINGS)):
        assert "also concerns" not in body
