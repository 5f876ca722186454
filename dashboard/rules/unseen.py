"""The rule on unseen levels: rows of a categorical variable with a level that training did not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from dashboard.colour import GREEN, GREY, NOTE, RED, grade
from dashboard.finding import Finding
from dashboard.format import quoted
from dashboard.metrics.missing_share import share_of
from dashboard.plural import plural, rows_word
from dashboard.policy import Policy
from dashboard.proportion import SIGNIFICANCE, rise_p_value
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text
from qod.counting import NAMED_UNSEEN

RULE: Final = Rule(
    key="unseen",
    family="quality",
    name=Text("Unseen levels", "Modalités inconnues"),
    meaning=Text(
        "Rows of a categorical variable have a level that was not in training: amber from 1 % of rows, red from 5 %, "
        "a note below. The finding keeps the levels' names, their rows and when each first came.",
        "Des lignes d'une variable catégorielle ont une modalité absente de l'apprentissage : orange à partir de 1 % "
        "des lignes, rouge à partir de 5 %, une simple note en dessous. Le constat garde le nom des modalités, leurs "
        "lignes et leur première apparition.",
    ),
    colours=("amber", "red", "note"),
    condition=Text(
        "share >= 0.01 (amber), 0.05 (red) and p < 1e-4, p: exact conditional test of two Poisson counts; note: any "
        "unseen row below that",
        "part >= 0,01 (orange), 0,05 (rouge) et p < 1e-4, p : test conditionnel exact de deux comptages de Poisson ; "
        "note : toute ligne inconnue en dessous",
    ),
    source="Przyborowski & Wilenski, Biometrika 31, 1940",
    example=Text(
        "“Nothing” in 36 of 2,000 rows of device_brand: 1.8 %, amber. One row of it: a note.",
        "« Nothing » dans 36 lignes sur 2 000 de device_brand : 1,8 %, orange. Une seule ligne : une note.",
    ),
)


FORGOTTEN: Final = 7
"""A level that was not named in so many batches in a row is new when it comes again."""


def judge(tally: Tally, policy: Policy, *, kept: Mapping[str, Any] | None = None) -> Verdicts:
    """The verdicts on every variable; numeric ones are always green, as they have no levels.

    Of each level is ``kept`` when it first came, and in how many batches it has not been named since.
    """
    value = share_of(tally.unseen, tally.n)
    p_value = rise_p_value(tally.unseen, tally.n, np.zeros_like(tally.training_n), tally.training_n)
    with np.errstate(invalid="ignore"):
        codes = grade(value, policy.unseen_amber, policy.unseen_red, p_value < SIGNIFICANCE)
    codes[(codes == GREEN) & (tally.unseen > 0)] = NOTE
    unknown = tally.categorical & ((tally.n == 0) | (tally.training_n == 0))
    codes[unknown] = GREY
    first_seen, left = _first_seen(tally, kept or {})

    def words(t: int, v: int) -> dict[str, Any]:
        return {
            "levels": [
                {"level": level, "rows": rows, "first_seen": first_seen[t, v][level]}
                for level, rows in tally.unseen_levels.get((t, v), ())
            ]
        }

    return Verdicts(
        RULE,
        tally.names,
        codes,
        {
            "value": value,
            "rows": tally.unseen,
            "n": tally.n,
            "training_n": tally.training_n,
            "p_value": p_value,
            "threshold": np.where(codes == RED, policy.unseen_red, policy.unseen_amber),
        },
        words,
        size=value / policy.unseen_amber,
        silent=unknown,
        weights=tally.weights,
        kept=left,
    )


Levels = dict[str, list[Any]]
"""By level: the day it first came, and batches since it was last named."""


def _first_seen(
    tally: Tally, kept: Mapping[str, Levels]
) -> tuple[dict[tuple[int, int], dict[str, str]], list[dict[str, Levels]]]:
    """By batch and variable, the day each level first came; and what every batch found of levels that came before."""
    place = {name: v for v, name in enumerate(tally.names)}
    known: dict[int, Levels] = {place[name]: levels for name, levels in kept.items()}
    named: dict[int, list[int]] = {}
    for t, v in sorted(tally.unseen_levels):
        named.setdefault(t, []).append(v)
    found: dict[tuple[int, int], dict[str, str]] = {}
    left: list[dict[str, Levels]] = []
    for t in range(tally.first, len(tally.batches)):
        left.append({tally.names[v]: levels for v, levels in sorted(known.items())})
        known = {v: _older(levels) for v, levels in known.items()}
        today = tally.dates[t].isoformat()
        for v in named.get(t, ()):
            held = known.get(v, {})
            came = {level: held[level][0] if level in held else today for level, _ in tally.unseen_levels[t, v]}
            found[t, v] = came
            known[v] = held | {level: [day, 0] for level, day in came.items()}
        known = {v: levels for v, levels in known.items() if levels}
    return found, left


def _older(levels: Levels) -> Levels:
    return {level: [day, batches + 1] for level, (day, batches) in levels.items() if batches < FORGOTTEN}


def sentence(finding: Finding) -> Text:
    """``device_brand has a new level, "Nothing" (1.8 % of rows, first seen 16 November): map it upstream ...``"""
    levels = finding.facts["levels"]
    values = {
        **finding.facts,
        "subject": finding.subject,
        "since": finding.since,
        "names": _names([level["level"] for level in levels]),
        "number": plural(len(levels), _LEVEL, _LEVELS if len(levels) < NAMED_UNSEEN else _LEAST_LEVELS),
        "first": min((level["first_seen"] for level in levels), default=finding.since),
    }
    values["number"] = say(values["number"], {"levels": len(levels)}, near=finding.batch_date)
    kind: str = finding.colour
    if kind == "note" and finding.facts["value"] >= finding.facts["threshold"]:
        kind = "few"
    advice = plural(len(levels), *_ADVICE[kind])
    values["advice"] = say(advice, {**values, "of": rows_word(finding.facts["n"])}, near=finding.batch_date)
    template = _NAMELESS if not levels else _ONE if len(levels) == 1 else _SEVERAL
    return say(template, values, near=finding.batch_date)


def _names(levels: list[str]) -> Text:
    shown = levels if len(levels) <= 3 else levels[:2]
    en, fr = ([quoted(level, language) for level in shown] for language in ("en", "fr"))
    if len(levels) > 3:
        least = len(levels) >= NAMED_UNSEEN
        en.append(f"{'at least ' * least}{len(levels) - 2} more")
        fr.append(f"{'au moins ' * least}{len(levels) - 2} autres")
    if len(en) < 2:
        return Text(en[0] if en else "–", fr[0] if fr else "–")
    return Text(f"{', '.join(en[:-1])} and {en[-1]}", f"{', '.join(fr[:-1])} et {fr[-1]}")


_TOO_LITTLE = Text(", too few to matter yet", ", trop peu pour compter à ce stade")
_TOO_FEW = Text(
    "; the batch has only {n:count} {of}, too few to judge it",
    " ; le lot n'a que {n:count} {of}, trop peu pour en juger",
)
_ONE = Text(
    "{subject:name} has a new level, {names} ({value:share} of rows, first seen {first:date}){advice}.",
    "{subject:name} a une nouvelle modalité, {names} ({value:share} des lignes, vue pour la première fois le "
    "{first:date}){advice}.",
)
_SEVERAL = Text(
    "{subject:name} has {number}, {names} ({value:share} of rows, first seen {first:date}){advice}.",
    "{subject:name} a {number}, {names} ({value:share} des lignes, vues pour la première fois le "
    "{first:date}){advice}.",
)
_NAMELESS = Text(
    "{subject:name} has levels unknown to training in {value:share} of rows since {since:date}{advice}.",
    "{subject:name} a des modalités inconnues à l'apprentissage dans {value:share} des lignes depuis le "
    "{since:date}{advice}.",
)
_LEVEL = Text("one new level", "une nouvelle modalité")
_LEVELS = Text("{levels:count} new levels", "{levels:count} nouvelles modalités")
_LEAST_LEVELS = Text("at least {levels:count} new levels", "au moins {levels:count} nouvelles modalités")
"""A delivery names only so many of them."""
_ADVICE = {
    "amber": (
        Text(": map it upstream or retrain", " : à recoder en amont, ou réentraîner"),
        Text(": map them upstream or retrain", " : à recoder en amont, ou réentraîner"),
    ),
    "red": (
        Text(": check how the source codes it, or retrain", " : vérifier le codage à la source, ou réentraîner"),
        Text(": check how the source codes them, or retrain", " : vérifier le codage à la source, ou réentraîner"),
    ),
    "note": (_TOO_LITTLE, _TOO_LITTLE),
    "few": (_TOO_FEW, _TOO_FEW),
}
