"""The rule on vanished levels: levels of a categorical variable that training had and the batch has not one row of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import GREEN, GREY, NOTE, RED, grade
from dashboard.finding import Finding
from dashboard.format import quoted
from dashboard.judging.course import Course, course_facts, course_step, courses
from dashboard.judging.enumeration import enumerated
from dashboard.judging.proportion import SIGNIFICANCE
from dashboard.judging.share_steps import VERDICTS
from dashboard.metrics.missing_share import share_of
from dashboard.plural import plural, rows_word
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="vanished",
    family="quality",
    name=Text("Vanished levels", "Modalités disparues"),
    meaning=Text(
        "Levels that training had have no row left in the batch, though chance would leave some: amber when they made "
        "up 1 % of training together, red from 5 %, a note below. A variable that has one single value is told by the "
        "rule on constants.",
        "Des modalités de l'apprentissage n'ont plus aucune ligne dans le lot, alors que le hasard en laisserait : "
        "orange quand elles faisaient ensemble 1 % de l'apprentissage, rouge à partir de 5 %, une simple note en "
        "dessous. Une variable qui n'a plus qu'une valeur relève de la règle sur les constantes.",
    ),
    colours=("amber", "red", "note"),
    condition=Text(
        "vanished: no row and L p < 1e-4, p = (N / (N + n)) ^ a; a: the level's training rows, N and n: rows with a "
        "value in training and in the batch, L: levels that training had; sum of a / training rows >= 0.01 (amber), "
        "0.05 (red); note: any below that",
        "disparue : aucune ligne et L p < 1e-4, p = (N / (N + n)) ^ a ; a : lignes de la modalité à l'apprentissage, N "
        "et n : lignes avec une valeur à l'apprentissage et dans le lot, L : modalités de l'apprentissage ; somme des "
        "a / lignes d'apprentissage >= 0,01 (orange), 0,05 (rouge) ; note : toute part inférieure",
    ),
    source=Text(
        "Przyborowski & Wilenski, Biometrika 31, 1940; Bonferroni over the levels",
        "Przyborowski & Wilenski, Biometrika 31, 1940 ; Bonferroni sur les modalités",
    ),
    example=Text(
        "“Fibre” was 12 % of training and is in none of 2,000 rows: red. A level of 0.1 % in none of 2,000: green, "
        "chance does that once in seven.",
        "« Fibre » faisait 12 % de l'apprentissage et n'est dans aucune de 2 000 lignes : rouge. Une modalité de 0,1 % "
        "dans aucune de 2 000 : vert, le hasard le fait une fois sur sept.",
    ),
)

Flags = npt.NDArray[np.bool_]

NAMED: Final = 10
"""Levels that a finding names; the others are counted."""


def judge(
    tally: Tally,
    policy: Policy,
    *,
    frozen: Flags,
    kept: Mapping[str, Course] | None = None,
) -> Verdicts:
    """The verdicts on every variable; grey, without a finding, where the batch has no value of it or where it is
    ``frozen`` (T, V), which is another rule's. Numeric variables are always green.

    Of a variable whose colour has risen is ``kept`` how it did.
    """
    names = tally.names
    amber, red = policy.of("vanished_amber", names), policy.of("vanished_red", names)
    judged = policy.judges(RULE.key, names) & ~tally.derived & tally.categorical
    n, training_n = tally.n - tally.missing, tally.training_n - tally.training_missing
    gone, of = _gone(tally, n, training_n, judged)
    lost, levels = np.zeros(tally.n.shape, np.int64), np.zeros(tally.n.shape, np.int64)
    lost[:, of] = np.where(gone, tally.reference[of], 0).sum(axis=-1)
    levels[:, of] = gone.sum(axis=-1)
    value = share_of(lost, np.broadcast_to(tally.training_n, lost.shape))
    codes = grade(value, amber, red, levels > 0)
    codes[(codes == GREEN) & (levels > 0)] = NOTE
    unknown = ((n == 0) | (training_n == 0) | frozen) & judged
    codes[unknown] = GREY
    column = {v: c for c, v in enumerate(of.tolist())}

    def left_of_them(t: int, v: int) -> npt.NDArray[np.float64]:
        """(T,): how much of their training share the levels that are gone from batch t were short of in each batch."""
        rows = tally.counts[:, v, gone[t, column[v]]].sum(axis=-1)
        return np.asarray(value[t, v] - share_of(rows, tally.n[:, v]))

    none = np.zeros_like(value)
    told, left = courses(
        tally.dates, names, codes, value, none, first=tally.first, kept=kept or {}, series=left_of_them
    )

    def words(t: int, v: int) -> dict[str, Any]:
        places = np.flatnonzero(gone[t, column[v]])
        rows = tally.reference[v, places]
        most = places[np.argsort(-rows, kind="stable")][:NAMED]
        likely = _log_p(rows.min(), n[t, v], training_n[v])
        return {
            "levels": [
                {
                    "level": tally.variables[v].levels[place],
                    "rows": int(tally.reference[v, place]),
                    "share": float(tally.reference[v, place] / tally.training_n[v]),
                }
                for place in most.tolist()
            ],
            "p_value": float(np.exp(likely)),
            "unseen": float(share_of(tally.unseen[t, v], tally.n[t, v])),
            **course_facts(told.get((t, v)), float(value[t, v])),
        }

    return Verdicts(
        RULE,
        names,
        codes,
        {
            "value": value,
            "rows": lost,
            "vanished": levels,
            "tried": _levels(tally).sum(axis=-1),
            "n": n,
            "training": value,
            "training_n": tally.training_n,
            "training_valued": training_n,
            "amber": amber,
            "red": red,
            "threshold": np.where(codes == RED, red, amber),
        },
        words,
        size=value / amber,
        silent=unknown,
        weights=tally.weights,
        kept=left,
    )


def _levels(tally: Tally) -> Flags:
    """(V, B): the bins of levels that training had; those of a categorical variable before other, unseen, missing."""
    place = np.arange(tally.reference.shape[1])[None, :]
    found: Flags = (tally.reference > 0) & tally.categorical[:, None] & (place < tally.last[:, None] - 2)
    return found


def _gone(
    tally: Tally, n: npt.NDArray[np.int64], training_n: npt.NDArray[np.int64], judged: Flags
) -> tuple[Flags, npt.NDArray[np.intp]]:
    """(T, C, B): the levels that are gone beyond chance, of the variables (C,) that any level is gone from."""
    levels = _levels(tally) & judged[:, None]
    tried = levels.sum(axis=-1)
    # Only a level rarer in training than chance can lose is in doubt: most variables have none without rows.
    of = np.flatnonzero(levels.any(axis=-1))
    none = (tally.counts[:, of] == 0) & levels[of]
    some = none.any(axis=(0, 2))
    of, none = of[some], none[:, some]
    with np.errstate(divide="ignore", invalid="ignore"):
        likely = _log_p(tally.reference[of], n[:, of, None], training_n[of][:, None])
        gone: Flags = none & (likely + np.log(tried[of])[:, None] < np.log(SIGNIFICANCE))
    return gone & (n[:, of, None] > 0), of


def _log_p(rows: Any, n: Any, training_n: Any) -> Any:
    """The logarithm of the chance that all of a level's rows, of training and batch together, are training's."""
    return -rows * np.log1p(n / training_n)


def sentence(finding: Finding) -> Text:
    """``plan has had no row of its level "Fibre" since 19 November (12 % of training): it came at once ...``"""
    facts, near = finding.facts, finding.batch_date
    number = facts["vanished"]
    values = {
        **facts,
        "subject": finding.subject,
        "onset": facts.get("onset", finding.since),
        "names": enumerated(
            [Text(quoted(level["level"], "en"), quoted(level["level"], "fr")) for level in facts["levels"]], number
        ),
        "number": say(_NUMBER, facts, near=near),
        "why": _why(finding),
    }
    return say(_ONE if number == 1 else _SEVERAL, values, near=near)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "subject": finding.subject, "limit": SIGNIFICANCE, "of": rows_word(facts["n"])}
    named = [say(_LEVEL, {**level, "of": rows_word(level["rows"])}, near=near) for level in facts["levels"]]
    gone = plural(facts["vanished"], _ONE_GONE, _SEVERAL_GONE) if facts["tried"] > 1 else _ONLY_GONE
    return (
        say(gone, values, near=near),
        *named,
        say(_CHANCE, values, near=near),
        say(plural(facts["vanished"], _ALONE, _TOGETHER), values, near=near),
        VERDICTS[finding.colour],
        *course_step(finding),
    )


def _why(finding: Finding) -> Text:
    facts, near = finding.facts, finding.batch_date
    if finding.colour == "note":
        return _LITTLE
    if facts["unseen"] >= facts["value"] / 2:
        return say(_RECODED, facts, near=near)
    return say(plural(facts["vanished"], *_WHY[facts["arrival"]]), facts, near=near)


_ONE = Text(
    "{subject:name} has had no row of its level {names} since {onset:date} ({value:share} of training): {why}.",
    "{subject:name} n'a plus aucune ligne de la modalité {names} depuis le {onset:date} ({value:share} de "
    "l'apprentissage) : {why}.",
)
_SEVERAL = Text(
    "{subject:name} has had no row of {number}, {names}, since {onset:date} ({value:share} of training): {why}.",
    "{subject:name} n'a plus aucune ligne de {number}, {names}, depuis le {onset:date} ({value:share} de "
    "l'apprentissage) : {why}.",
)
_NUMBER = Text("{vanished:count} levels", "{vanished:count} modalités")
_RECODED = Text(
    "{unseen:share} of rows have levels unknown to training, so the source may code it in another way",
    "{unseen:share} des lignes ont des modalités inconnues à l'apprentissage, la source la code peut-être autrement",
)
_LITTLE = Text("too little to matter yet", "trop peu pour compter à ce stade")
_SUDDEN = Text(
    "it came at once on {arrived:date}, see whether a filter or a source was lost upstream",
    "d'un coup le {arrived:date}, voir si un filtre ou une source a été perdu en amont",
)
_WHY = {
    "sudden": (_SUDDEN, _SUDDEN),
    "gradual": (
        Text(
            "it died out over several batches, retrain if it is gone for good",
            "disparue peu à peu, réentraîner si elle ne revient pas",
        ),
        Text(
            "they died out over several batches, retrain if they are gone for good",
            "disparues peu à peu, réentraîner si elles ne reviennent pas",
        ),
    ),
    "first": (
        Text(
            "so since this version's first batch, training read other data",
            "dès le premier lot de cette version, l'apprentissage lisait d'autres données",
        ),
    )
    * 2,
}
_ONLY_GONE = Text(
    "The only level that {subject:name} had in training is in none of {n:count} {of} with a value.",
    "La seule modalité que {subject:name} avait à l'apprentissage n'est dans aucune de {n:count} {of} avec une valeur.",
)
_ONE_GONE = Text(
    "{vanished:count} of the {tried:count} levels that {subject:name} had in training is in none of {n:count} {of} "
    "with a value.",
    "{vanished:count} des {tried:count} modalités que {subject:name} avait à l'apprentissage n'est dans aucune de "
    "{n:count} {of} avec une valeur.",
)
_SEVERAL_GONE = Text(
    "{vanished:count} of the {tried:count} levels that {subject:name} had in training are in none of {n:count} {of} "
    "with a value.",
    "{vanished:count} des {tried:count} modalités que {subject:name} avait à l'apprentissage ne sont dans aucune de "
    "{n:count} {of} avec une valeur.",
)
_LEVEL = Text(
    "{level:quoted} had {rows:count} {of} in training, {share:share}.",
    "{level:quoted} avait {rows:count} {of} à l'apprentissage, {share:share}.",
)
_CHANCE = Text(
    "Chance leaves none of the rarest of them with probability {p_value:of_chance}; times {tried:count} levels tried, "
    "that is less than the {limit:chance} asked for.",
    "Le hasard n'en laisse aucune de la plus rare avec une probabilité {p_value:of_chance} ; multipliée par "
    "{tried:count} modalités essayées, elle reste sous les {limit:chance} exigés.",
)
_ALONE = Text(
    "It was {value:share} of training; amber asks for {amber:share}, red for {red:share}.",
    "Elle faisait {value:share} de l'apprentissage ; l'orange demande {amber:share}, le rouge {red:share}.",
)
_TOGETHER = Text(
    "Together they were {value:share} of training; amber asks for {amber:share}, red for {red:share}.",
    "Ensemble elles faisaient {value:share} de l'apprentissage ; l'orange demande {amber:share}, le rouge {red:share}.",
)
