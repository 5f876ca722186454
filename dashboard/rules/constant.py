"""The rule on constants: a variable that froze, or one that training knew only as a constant and now varies."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.bin_label import bin_facts
from dashboard.colour import AMBER
from dashboard.finding import Finding
from dashboard.metrics.missing_share import share_of
from dashboard.proportion import SIGNIFICANCE, rise_p_value
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
        "training and no longer is: amber. Its drift is then grey, as a distribution of one value has none.",
        "La variable n'a qu'une seule valeur dans le lot alors qu'elle variait à l'apprentissage, ou elle était "
        "constante (ou vide) à l'apprentissage et ne l'est plus : orange. Sa dérive est alors grise.",
    ),
    colours=("amber",),
    condition=Text(
        "frozen: one distinct value and (its training share) ^ rows < 1e-4; unfrozen: at least 1 % of rows have "
        "another value and p < 1e-4, p as for missing values",
        "figée : une seule valeur distincte et (sa part à l'apprentissage) ^ lignes < 1e-4 ; dégelée : au moins 1 % "
        "des lignes ont une autre valeur et p < 1e-4, p comme pour les valeurs manquantes",
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
    """(T, V): all rows with a value hold the same one, though in training it was far from certain."""
    values, training = _with_a_value(tally)
    rows = values.sum(axis=-1)
    bin_of = values.argmax(axis=-1)
    one_bin = (values.max(axis=-1, initial=0) == rows) & (rows > 0)
    # A level is one value; a range, `other` and `unseen` may hold many, there the distinct values decide.
    is_level = tally.categorical[None, :] & (bin_of < tally.last[None, :] - 2)
    single = np.where(tally.distinct >= 0, tally.distinct == 1, is_level)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (training + 0.5) / (training.sum(axis=-1) + 0.5 * (training > 0).sum(axis=-1))[:, None]
        of_bin = np.take_along_axis(np.broadcast_to(shares, values.shape), bin_of[..., None], axis=-1)[..., 0]
        improbable = rows * np.log(np.minimum(of_bin, 1.0)) < math.log(SIGNIFICANCE)
    frozen: Flags = one_bin & single & improbable & (tally.training_values > 1)
    return frozen


def judge(tally: Tally) -> Verdicts:
    """The verdicts on every variable."""
    values, training = _with_a_value(tally)
    rows = values.sum(axis=-1)
    frozen = is_frozen(tally)
    # Rows outside the one bin that training had, or with a value at all where training had none.
    home = np.broadcast_to(training.argmax(axis=-1)[None, :, None], (*rows.shape, 1))
    at_home = np.take_along_axis(values, home, axis=-1)[..., 0]
    moved = rows - np.where(tally.training_values == 0, 0, at_home)
    share = share_of(moved, tally.n)
    with np.errstate(invalid="ignore"):
        significant = rise_p_value(moved, tally.n, np.zeros_like(tally.training_n), tally.training_n) < SIGNIFICANCE
        unfrozen = (tally.training_values <= 1) & (share >= MOVED_SHARE) & significant
    codes = np.where(frozen | unfrozen, np.int8(AMBER), np.int8(0))

    def words(t: int, v: int) -> dict[str, Any]:
        if frozen[t, v]:
            return {"case": "frozen", "bin": bin_facts(tally.variables[v], int(values[t, v].argmax()))}
        return {"case": "varies" if tally.training_values[v] else "filled"}

    numbers = {"value": np.where(frozen, 1.0, share), "n": tally.n, "training_n": tally.training_n}
    size = np.where(frozen, 10.0, share / MOVED_SHARE)
    return Verdicts(RULE, tally.names, codes, numbers, words, size=size, weights=tally.weights)


def _with_a_value(tally: Tally) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    return np.where(tally.valued, tally.counts, 0), np.where(tally.valued, tally.reference, 0)


def sentence(finding: Finding) -> Text:
    """``network_type has had one single value since 19 November though it varied in training: a frozen source.``"""
    values = {**finding.facts, "subject": finding.subject, "since": finding.since}
    return say(_CASES[finding.facts["case"]], values, near=finding.batch_date)


_CASES = {
    "frozen": Text(
        "{subject:name} has had one single value since {since:date} though it varied in training: its source is "
        "frozen, or a default fills it.",
        "{subject:name} n'a qu'une seule valeur depuis le {since:date} alors qu'elle variait à l'apprentissage : sa "
        "source est figée, ou une valeur par défaut la remplit.",
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
