"""The rule on unseen levels: rows of a categorical variable with a level that training did not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from dashboard.colour import GREEN, GREY, NOTE, RED, grade
from dashboard.finding import Finding
from dashboard.format import quoted
from dashboard.judging.course import course_facts, courses
from dashboard.judging.enumeration import enumerated
from dashboard.judging.proportion import SIGNIFICANCE, rise_p_value
from dashboard.judging.share_steps import share_steps
from dashboard.metrics.missing_share import share_of
from dashboard.plural import plural, rows_word
from dashboard.policy import Policy
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

    Of each level is ``kept`` when it first came, and in how many batches it has not been named since; of a variable
    whose colour has risen, how it did.
    """
    names, before = tally.names, kept or {}
    amber, red = policy.of("unseen_amber", names), policy.of("unseen_red", names)
    judged = policy.judges(RULE.key, names) & ~tally.derived
    unseen = (tally.unseen > 0) & judged
    value = share_of(tally.unseen, tally.n)
    p_value = rise_p_value(tally.unseen, tally.n, np.zeros_like(tally.training_n), tally.training_n, where=unseen)
    with np.errstate(invalid="ignore"):
        codes = grade(value, amber, red, p_value < SIGNIFICANCE)
    codes[(codes == GREEN) & unseen] = NOTE
    unknown = tally.categorical & ((tally.n == 0) | (tally.training_n == 0)) & judged
    codes[unknown] = GREY
    none = np.zeros_like(value)
    told, courses_left = courses(
        tally.dates, names, codes, value, none, first=tally.first, kept=before.get("courses", {})
    )
    first_seen, levels_left = _first_seen(tally, before.get("levels", {}))

    def words(t: int, v: int) -> dict[str, Any]:
        levels = [
            {"level": level, "rows": rows, "first_seen": first_seen[t, v][level]}
            for level, rows in tally.unseen_levels.get((t, v), ())
        ]
        return {"levels": levels, **course_facts(told.get((t, v)), float(value[t, v]))}

    return Verdicts(
        RULE,
        names,
        codes,
        {
            "value": value,
            "rows": tally.unseen,
            "n": tally.n,
            "training": 0.0,
            "training_n": tally.training_n,
            "p_value": p_value,
            "amber": amber,
            "red": red,
            "threshold": np.where(codes == RED, red, amber),
        },
        words,
        size=value / amber,
        silent=unknown,
        weights=tally.weights,
        kept=[
            {name: state for name, state in (("levels", levels), ("courses", running)) if state}
            for levels, running in zip(levels_left, courses_left, strict=True)
        ],
    )


Levels = dict[str, list[Any]]
"""By level: the day it first came, and batches since it was last named."""


def _first_seen(
    tally: Tally, kept: Mapping[str, Levels]
) -> tuple[dict[tuple[int, int], dict[str, str]], list[dict[str, Levels]]]:
    """By batch and variable, the day each level first came; and what every batch found of levels that came before."""
    if not kept and not tally.unseen_levels:
        return {}, [{} for _ in tally.batches[tally.first :]]
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
        "names": enumerated(
            [Text(quoted(level["level"], "en"), quoted(level["level"], "fr")) for level in levels],
            at_least=len(levels) >= NAMED_UNSEEN,
        ),
        "number": plural(len(levels), _LEVEL, _LEVELS if len(levels) < NAMED_UNSEEN else _LEAST_LEVELS),
        "first": min((level["first_seen"] for level in levels), default=finding.since),
    }
    values["number"] = say(values["number"], {"levels": len(levels)}, near=finding.batch_date)
    kind = finding.facts.get("arrival", "")
    if finding.colour == "note":
        kind = "few" if finding.facts["value"] >= finding.facts["threshold"] else "note"
    advice = plural(len(levels), *_ADVICE[kind])
    values["advice"] = say(advice, {**values, "of": rows_word(finding.facts["n"])}, near=finding.batch_date)
    template = _NAMELESS if not levels else _ONE if len(levels) == 1 else _SEVERAL
    return say(template, values, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    near = finding.batch_date
    named = [
        say(_FIRST, {**level, "of": rows_word(level["rows"])}, near=near) for level in finding.facts["levels"][:_LISTED]
    ]
    return (*share_steps(finding, say(_NEW, {}, near=near)), *named)


_LISTED: Final = 10
_NEW = Text("have a level that training did not have", "ont une modalité que l'apprentissage n'avait pas")
_FIRST = Text(
    "{level:quoted}: {rows:count} {of}, first seen on {first_seen:date}.",
    "{level:quoted} : {rows:count} {of}, vue pour la première fois le {first_seen:date}.",
)


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
    "sudden": (
        Text(
            ": it came at once, check how the source codes it",
            " : d'un coup, vérifier comment la source la code",
        ),
        Text(
            ": they came at once, check how the source codes them",
            " : d'un coup, vérifier comment la source les code",
        ),
    ),
    "gradual": (
        Text(
            ": it spread over several batches, retrain if it stays",
            " : en hausse progressive, réentraîner si elle reste",
        ),
        Text(
            ": they spread over several batches, retrain if they stay",
            " : en hausse progressive, réentraîner si elles restent",
        ),
    ),
    "first": (
        Text(
            ": so since this version's first batch, training read other data",
            " : dès le premier lot de cette version, l'apprentissage lisait d'autres données",
        ),
    )
    * 2,
    "": (Text(": map it upstream or retrain", " : à recoder en amont, ou réentraîner"),) * 2,
    "note": (_TOO_LITTLE, _TOO_LITTLE),
    "few": (_TOO_FEW, _TOO_FEW),
}
