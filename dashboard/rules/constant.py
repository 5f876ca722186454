"""The rule on constants: a variable that froze, or one that training knew only as a constant and now varies."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, NOTE, Indices
from dashboard.finding import Finding
from dashboard.judging.bin_label import bin_facts, bin_words
from dashboard.judging.proportion import SIGNIFICANCE, rise_p_value
from dashboard.metrics.missing_share import share_of
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import Text

RULE: Final = Rule(
    key="constant",
    family="quality",
    name=Text("Constant", "Constante"),
    meaning=Text(
        "The variable has one single value in the batch though it varied in training, or it was constant (or empty) in "
        "training and no longer is: amber. Its drift is then grey, as a distribution of one value has none. A variable "
        "that has one value in each batch and another the next time, such as the weekday of a daily batch, is a note.",
        "La variable n'a qu'une seule valeur dans le lot alors qu'elle variait à l'apprentissage, ou elle était "
        "constante (ou vide) à l'apprentissage et ne l'est plus : orange. Sa dérive est alors grise. Une variable qui "
        "n'a qu'une valeur par lot mais en change d'un lot à l'autre, comme le jour de la semaine d'un lot quotidien, "
        "est une simple note.",
    ),
    colours=("amber", "note"),
    condition=Text(
        "frozen: one distinct value and (its training share) ^ rows < 1e-4, a note where the batch before was so too "
        "with another value; unfrozen: at least 1 % of rows have another value and p < 1e-4, p as for missing values",
        "figée : une seule valeur distincte et (sa part à l'apprentissage) ^ lignes < 1e-4, simple note si le lot "
        "précédent l'était aussi à une autre valeur ; dégelée : au moins 1 % des lignes ont une autre valeur et p < "
        "1e-4, p comme pour les valeurs manquantes",
    ),
    source=Text("binomial probability", "probabilité binomiale"),
    example=Text(
        "A flag that is yes in 3 % of training is no in all 200 rows: .97^200 = .002, green. In all 2,000: amber.",
        "Un indicateur à oui dans 3 % de l'apprentissage est à non dans 200 lignes : 0,97^200 = 0,002, vert. "
        "Dans 2 000 lignes : orange.",
    ),
)

Flags = npt.NDArray[np.bool_]

MOVED_SHARE: Final = 0.01
"""The share of rows that must differ from a training constant before it counts as varying."""


def is_frozen(tally: Tally) -> Flags:
    """(T, V): all rows with a value hold the same one, though in training it was far from certain.

    Never a derived variable: all rows predicted negative is a distribution, and its drift is judged.
    """
    rows = tally.n - tally.missing
    frozen: Flags = (_values(tally.counts, tally.valued).max(axis=-1, initial=0) == rows) & (rows > 0)
    frozen &= (tally.training_values > 1) & ~tally.derived
    at, of = np.nonzero(frozen)
    place = _values(tally.counts[at, of], tally.valued[of]).argmax(axis=-1)
    # A level is one value; a range, `other` and `unseen` may hold many, there the distinct values decide.
    is_level = tally.categorical[of] & (place < tally.last[of] - 2)
    distinct = tally.distinct[at, of]
    single = np.where(distinct >= 0, distinct == 1, is_level)
    frozen[at, of] = single & (rows[at, of] * np.log(_share(tally, of, place)) < math.log(SIGNIFICANCE))
    return frozen


def judge(tally: Tally, policy: Policy, *, frozen: Flags) -> Verdicts:
    """The verdicts on every variable; ``frozen`` (T, V) is what ``is_frozen`` says."""
    judged = policy.judges(RULE.key, tally.names) & ~tally.derived
    frozen = frozen & judged
    varies = (tally.training_values <= 1) & judged
    rows = tally.n - tally.missing
    moved = np.where(varies, rows, 0)
    # Rows outside the one bin that training had, or with a value at all where training had none.
    of = np.flatnonzero(varies & (tally.training_values == 1))
    home = _values(tally.reference[of], tally.valued[of]).argmax(axis=-1)
    moved[:, of] -= tally.counts[:, of, home]
    share = share_of(moved, tally.n)
    with np.errstate(invalid="ignore"):
        p_value = rise_p_value(moved, tally.n, np.zeros_like(tally.training_n), tally.training_n, where=moved > 0)
        unfrozen = varies & (share >= MOVED_SHARE) & (p_value < SIGNIFICANCE)
    by_batch = _by_batch(tally, frozen)
    codes = np.where(by_batch, np.int8(NOTE), np.where(frozen | unfrozen, np.int8(AMBER), np.int8(GREEN)))

    def words(t: int, v: int) -> dict[str, Any]:
        if not frozen[t, v]:
            return {"case": "varies" if tally.training_values[v] else "filled"}
        place = int(_values(tally.counts[t, v], tally.valued[v]).argmax())
        return {
            "case": "by_batch" if by_batch[t, v] else "frozen",
            "bin": bin_facts(tally.variables[v], place),
            "training": float(tally.reference[v, place] / (tally.training_n[v] - tally.training_missing[v])),
            "p_value": float(_share(tally, np.array([v]), np.array([place]))[0] ** rows[t, v]),
        }

    numbers = {
        "value": np.where(frozen, 1.0, share),
        "rows": np.where(frozen, rows, moved),
        "n": tally.n,
        "training": 0.0,
        "training_n": tally.training_n,
        "p_value": p_value,
        "threshold": np.where(frozen, 1.0, MOVED_SHARE),
    }
    size = np.where(frozen, 10.0, share / MOVED_SHARE)
    return Verdicts(RULE, tally.names, codes, numbers, words, size=size, weights=tally.weights)


def _by_batch(tally: Tally, frozen: Flags) -> Flags:
    """(T, V): one value that is another than the one of the batch before: it tells of the batch and not of its rows."""
    found = np.zeros(frozen.shape, bool)
    found[1:] = frozen[1:] & frozen[:-1]
    at, of = np.nonzero(found)
    now, before = (_values(tally.counts[t, of], tally.valued[of]).argmax(axis=-1) for t in (at, at - 1))
    found[at, of] = now != before
    return found


def _share(tally: Tally, of: Indices, place: Indices) -> npt.NDArray[np.float64]:
    """The training shares of bins of variables, half a row added to each that training had, so that none is 0."""
    rows = (tally.training_n - tally.training_missing)[of]
    return np.asarray(np.minimum((tally.reference[of, place] + 0.5) / (rows + 0.5 * tally.training_values[of]), 1.0))


def _values(counts: npt.NDArray[np.int64], valued: Flags) -> npt.NDArray[np.int64]:
    """``counts`` (..., B) with 0 for rows without a value."""
    return np.where(valued, counts, 0)


def sentence(finding: Finding) -> Text:
    """``network_type has had one single value since 19 November though it varied in training: a frozen source.``"""
    values = {**finding.facts, "subject": finding.subject, "since": finding.since}
    return say(_CASES[finding.facts["case"]], values, near=finding.batch_date)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    facts, near = finding.facts, finding.batch_date
    values = {**facts, "subject": finding.subject, "since": finding.since, "limit": SIGNIFICANCE}
    if facts["case"] in ("frozen", "by_batch"):
        values["bin"] = bin_words(facts["bin"], near=near)
        last = _AMBER if facts["case"] == "frozen" else _ANOTHER
        return tuple(say(step, values, near=near) for step in (_ALL_IN_ONE, _IMPROBABLE, last))
    start = _WAS_CONSTANT if facts["case"] == "varies" else _WAS_EMPTY
    return tuple(say(step, values, near=near) for step in (start, _NOW_DIFFER, _NOT_CHANCE, _AMBER))


_ALL_IN_ONE = Text(
    "All {rows:count} rows that have a value of {subject:name} have the same one ({bin}); it was {training:share} of "
    "training, which had others too.",
    "Les {rows:count} lignes qui ont une valeur de {subject:name} ont toutes la même ({bin}) ; elle faisait "
    "{training:share} de l'apprentissage, qui en avait d'autres.",
)
_IMPROBABLE = Text(
    "Chance alone does that with probability {p_value:of_chance}, less than the {limit:chance} asked for.",
    "Le seul hasard le fait avec une probabilité {p_value:of_chance}, moins que les {limit:chance} exigés.",
)
_WAS_CONSTANT = Text(
    "{subject:name} had one single value in all {training_n:count} training rows.",
    "{subject:name} n'avait qu'une seule valeur dans les {training_n:count} lignes d'apprentissage.",
)
_WAS_EMPTY = Text(
    "{subject:name} had no value in any of {training_n:count} training rows.",
    "{subject:name} n'avait de valeur dans aucune des {training_n:count} lignes d'apprentissage.",
)
_NOW_DIFFER = Text(
    "{rows:count} of {n:count} rows are otherwise now: {value:share}; amber asks for {threshold:share}.",
    "{rows:count} lignes sur {n:count} sont autres à présent : {value:share} ; l'orange demande {threshold:share}.",
)
_NOT_CHANCE = Text(
    "If the batch were like training, so many or more would come with probability {p_value:of_chance}, less than the "
    "{limit:chance} asked for.",
    "Si le lot était comme l'apprentissage, il en viendrait autant ou plus avec une probabilité {p_value:of_chance}, "
    "moins que les {limit:chance} exigés.",
)
_ANOTHER = Text(
    "In the batch before all rows had one value too, but another: a note, no colour.",
    "Dans le lot précédent toutes les lignes avaient aussi une seule valeur, mais une autre : une note, sans couleur.",
)
_AMBER = Text("Amber, since {since:date}.", "Orange, depuis le {since:date}.")
_CASES = {
    "frozen": Text(
        "{subject:name} has had one single value since {since:date} though it varied in training: its source is "
        "frozen, or a default fills it.",
        "{subject:name} n'a qu'une seule valeur depuis le {since:date} alors qu'elle variait à l'apprentissage : sa "
        "source est figée, ou une valeur par défaut la remplit.",
    ),
    "by_batch": Text(
        "{subject:name} has one value in each batch and another the next time: it tells of the batch, not of its rows, "
        "and its drift cannot be judged batch by batch.",
        "{subject:name} n'a qu'une valeur par lot et en change d'un lot à l'autre : elle décrit le lot et non ses "
        "lignes, sa dérive ne peut pas se juger lot par lot.",
    ),
    "varies": Text(
        "{subject:name} was constant in training, {value:share} of rows differ since {since:date}: the model has never "
        "seen it vary.",
        "{subject:name} était constante à l'apprentissage, {value:share} des lignes en diffèrent depuis le "
        "{since:date} : le modèle ne l'a jamais vue varier.",
    ),
    "filled": Text(
        "{subject:name} had no value in training, {value:share} of rows have one since {since:date}: the model has "
        "never learnt from it.",
        "{subject:name} n'avait aucune valeur à l'apprentissage, {value:share} des lignes en ont une depuis le "
        "{since:date} : le modèle n'en a rien appris.",
    ),
}
