"""The rule on row counts: a batch far smaller or larger than is usual on its weekday, in its month, or of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, GREY
from dashboard.finding import Finding
from dashboard.format import MONTHS
from dashboard.judging.arrival import REACH
from dashboard.judging.course import course_facts, course_step, courses
from dashboard.judging.usual_rows import OF_A_SEASON, Floats, Whole, season_of, usual
from dashboard.plural import rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.text import Text

RULE: Final = Rule(
    key="row_count",
    family="quality",
    name=Text("Row count", "Nombre de lignes"),
    meaning=Text(
        "The batch has less than half or more than twice the usual rows, and lies well outside what earlier batches "
        "had: amber. What is usual is told by the batches of the same weekday, or month where the policy says so; "
        "while there are too few of those, by the last 28, so that quiet Sundays stay green. An empty batch is always "
        "amber.",
        "Le lot a moins de la moitié ou plus du double des lignes habituelles, et sort nettement de ce qu'avaient les "
        "lots précédents : orange. L'habitude vient des lots du même jour de la semaine, ou du même mois si la "
        "politique le dit ; tant qu'il y en a trop peu, des 28 derniers lots, pour que les dimanches calmes restent "
        "verts. Un lot vide est toujours orange.",
    ),
    colours=("amber",),
    condition=Text(
        "earlier batches with rows: of the last 56 those of the same weekday, if at least 4, or of the last 60 those "
        "of the same month of earlier years, if at least 2; else the last 28, if at least 7; they give median M and "
        "15 % and 85 % order statistics L, H; amber: rows < min(M / 2, 0.8 L) or rows > max(2 M, 1.25 H), or no rows",
        "lots antérieurs avec des lignes : des 56 derniers ceux du même jour de la semaine, s'ils sont au moins 4, ou "
        "des 60 derniers ceux du même mois des années précédentes, s'ils sont au moins 2 ; sinon les 28 derniers, "
        "s'ils sont au moins 7 ; ils donnent la médiane M et les statistiques d'ordre à 15 % et 85 % L, H ; orange : "
        "lignes < min(M / 2, 0,8 L) ou lignes > max(2 M, 1,25 H), ou aucune ligne",
    ),
    source=Text("a robust rule of thumb", "une règle empirique robuste"),
    example=Text(
        "Usually 18,400 rows, on Sundays 7,000. On a Sunday 7,100: green. On a Monday 7,100, once there were four "
        "Mondays: amber.",
        "D'habitude 18 400 lignes, 7 000 le dimanche. Un dimanche à 7 100 : vert. Un lundi à 7 100, après quatre "
        "lundis : orange.",
    ),
)

AROUND: Final = REACH - 1
"""Earlier batches that tell whether a change came at once."""


def judge(
    rows: Whole, dates: Sequence[date], policy: Policy, *, first: int = 0, kept: Mapping[str, Any] | None = None
) -> Verdicts:
    """The verdicts on batches with these ``rows`` (T,) on ``dates``, in order, from ``first`` on.

    What is ``kept`` of the batches before: the row counts of those with rows and their seasons, as many as make what
    is usual; how far from usual the newest were; and how a change that lasts began.
    """
    before, season = kept or {}, policy.row_count_season
    seasons = np.array([season_of(day, season) for day in dates], np.int64)
    had, had_seasons = before.get("rows", []), before.get("seasons", [0] * len(before.get("rows", [])))
    of = usual(
        np.array([*had, *rows[first:]], np.int64),
        np.array([*had_seasons, *seasons[first:]], np.int64),
        season=season,
        window=policy.row_count_batches,
    )
    low, middle, high, seasonal, number = (
        _from(first, part[len(had) :]) for part in (of.low, of.middle, of.high, of.seasonal, of.batches)
    )
    lowest = np.fmin(policy.row_count_low * middle, 0.8 * low)
    highest = np.fmax(policy.row_count_high * middle, 1.25 * high)
    empty = rows == 0
    with np.errstate(invalid="ignore"):
        few, many = rows < lowest, rows > highest
    codes = np.where(few | many | empty, np.int8(AMBER), np.int8(GREEN))[:, None]
    # Rounded, as it is kept with every batch.
    away = np.round(rows / middle - 1, 3)
    around = before.get("away", [])[-first:] if first else []
    away[first - len(around) : first] = [np.nan if one is None else one for one in around]

    def from_usual(t: int, _: int) -> Floats:
        # Before anything was usual, batches are taken by what is now.
        apart = np.where(np.isnan(away), rows / middle[t] - 1, away)
        return np.asarray(apart if away[t] > 0 else -apart)

    told, left = courses(
        dates,
        ("batch",),
        np.where(np.isnan(middle)[:, None], np.int8(GREY), codes),
        np.abs(away)[:, None],
        np.zeros((len(rows), 1)),
        first=first,
        kept=before.get("courses", {}),
        series=from_usual,
    )

    def words(t: int, s: int) -> Mapping[str, Any]:
        return course_facts(told.get((t, s)), abs(float(away[t])))

    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(rows < middle, middle / np.maximum(rows, 1), rows / middle)
    numbers: dict[str, Any] = {
        "value": rows,
        "usual": middle,
        "usual_low": low,
        "usual_high": high,
        "usual_of": number,
        "season": np.where(seasonal, season, "none"),
        "lowest": lowest,
        "highest": highest,
        "threshold": np.where(many, highest, lowest),
        "empty": empty,
    }
    return Verdicts(
        RULE,
        ("batch",),
        codes,
        {k: v[:, None] for k, v in numbers.items()},
        words,
        size=ratio[:, None] / 2,
        kept=[
            state | ({"courses": running} if running else {})
            for state, running in zip(_states(rows, seasons, away, first, before, policy), left, strict=True)
        ],
    )


def _from(first: int, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``values`` of the batches from ``first`` on, after nothing (NaN, 0) for those before."""
    nothing = np.full(first, np.nan) if values.dtype.kind == "f" else np.zeros(first, values.dtype)
    return np.concatenate([nothing, values])


def _states(
    rows: Whole, seasons: Whole, away: Floats, first: int, before: Mapping[str, Any], policy: Policy
) -> list[dict[str, Any]]:
    """What each batch from ``first`` on found of those before it."""
    most = max(policy.row_count_batches, OF_A_SEASON.get(policy.row_count_season, (0, 0))[0])
    filled = first + np.flatnonzero(rows[first:])
    had, of = [*before.get("rows", []), *rows[filled].tolist()], [*before.get("seasons", []), *seasons[filled].tolist()]
    around = [*before.get("away", []), *(apart if np.isfinite(apart) else None for apart in away[first:].tolist())]
    # Where the batches before each one end, in the lists of those with rows and of all.
    with_rows = len(had) - len(filled) + np.searchsorted(filled, np.arange(first, len(rows)))
    found = []
    for end, last in zip(with_rows.tolist(), range(len(around) - len(rows) + first, len(around)), strict=True):
        state = {"rows": had[max(end - most, 0) : end], "away": around[max(last - AROUND, 0) : last]}
        if policy.row_count_season in OF_A_SEASON:
            state["seasons"] = of[max(end - most, 0) : end]
        found.append({name: held for name, held in state.items() if held})
    return found


def sentence(finding: Finding) -> Text:
    """``The batch of 19 November has 1,204 rows, usually 18,400 on Thursdays: part of it may be missing.``"""
    facts, near = finding.facts, finding.batch_date
    season = _season(finding)
    values = {**facts, "day": finding.batch_date, "rows": rows_word(facts["value"]), "season": season}
    if facts["empty"]:
        return say(_EMPTY, values, near=near)
    few, slowly = facts["value"] < facts["usual"], facts.get("arrival") == "gradual"
    values["why"] = (_SHRINKING if slowly else _PARTLY) if few else (_GROWING if slowly else _TWICE)
    return say(_OTHERWISE if season is _OF_LATE else _OUT_OF_SEASON, values, near=near)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "day": finding.batch_date, "rows": rows_word(facts["value"]), "season": _season(finding)}
    if facts["empty"]:
        return tuple(say(step, values, near=near) for step in (_COUNTED, _NOTHING))
    steps = (_COUNTED, _USUAL, _BOUNDS, _BELOW if facts["value"] < facts["usual"] else _ABOVE)
    return (*(say(step, values, near=near) for step in steps), *course_step(finding))


def _season(finding: Finding) -> Text:
    """Which earlier batches made what is usual, to stand behind a number."""
    kind, day = finding.facts.get("season", "none"), finding.batch_date
    if kind == "weekday":
        return _WEEKDAYS[day.weekday()]
    if kind == "month":
        return Text(f"in {MONTHS['en'][day.month - 1]}", f"en {MONTHS['fr'][day.month - 1]}")
    return _OF_LATE


_WEEKDAYS: Final = (
    Text("on Mondays", "le lundi"),
    Text("on Tuesdays", "le mardi"),
    Text("on Wednesdays", "le mercredi"),
    Text("on Thursdays", "le jeudi"),
    Text("on Fridays", "le vendredi"),
    Text("on Saturdays", "le samedi"),
    Text("on Sundays", "le dimanche"),
)
_OF_LATE: Final = Text("of late", "ces derniers temps")
_EMPTY = Text(
    "The batch of {day:date} has no rows: check the scoring job's input.",
    "Le lot du {day:date} n'a aucune ligne : vérifier l'entrée du traitement.",
)
_OTHERWISE = Text(
    "The batch of {day:date} has {value:count} {rows}, usually {usual:count}: {why}.",
    "Le lot du {day:date} a {value:count} {rows}, {usual:count} d'habitude : {why}.",
)
_OUT_OF_SEASON = Text(
    "The batch of {day:date} has {value:count} {rows}, usually {usual:count} {season}: {why}.",
    "Le lot du {day:date} a {value:count} {rows}, {usual:count} d'habitude {season} : {why}.",
)
_PARTLY = Text("part of it may be missing", "il en manque peut-être une partie")
_TWICE = Text("rows may have come twice", "des lignes sont peut-être venues deux fois")
_SHRINKING = Text(
    "it has been shrinking over several batches, see whether those it scores do too",
    "en baisse progressive, voir si la population notée diminue aussi",
)
_GROWING = Text(
    "it has been growing over several batches, see whether those it scores do too",
    "en hausse progressive, voir si la population notée augmente aussi",
)
_COUNTED = Text(
    "The batch of {day:date} has {value:count} {rows}.",
    "Le lot du {day:date} a {value:count} {rows}.",
)
_NOTHING = Text("An empty batch is amber.", "Un lot vide est orange.")
_USUAL = Text(
    "What is usual {season} is told by {usual_of:count} earlier batches: the middle one has {usual:count} rows, most "
    "lie between {usual_low:count} and {usual_high:count}.",
    "L'habitude {season} vient de {usual_of:count} lots précédents : celui du milieu a {usual:count} lignes, la "
    "plupart entre {usual_low:count} et {usual_high:count}.",
)
_BOUNDS = Text(
    "With fewer than {lowest:count} or more than {highest:count} rows a batch is amber: by half or twice the middle, "
    "and well outside what most had.",
    "Avec moins de {lowest:count} ou plus de {highest:count} lignes un lot est orange : la moitié ou le double du "
    "milieu, et nettement en dehors de ce qu'avaient la plupart.",
)
_BELOW = Text("It has fewer: amber.", "Il en a moins : orange.")
_ABOVE = Text("It has more: amber.", "Il en a plus : orange.")
