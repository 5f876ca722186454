"""The rule on drift: is the change of a variable's distribution real, large enough, and lasting?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.arrival import arrival
from dashboard.bin_label import bin_words
from dashboard.colour import AMBER, GREEN, GREY, RED, Codes, carried_runs
from dashboard.finding import Finding
from dashboard.format import index
from dashboard.latch import FALL, latched, latches_of
from dashboard.metrics.psi import bins_in_use, psi, sampling
from dashboard.metrics.psi_debiased import psi_debiased, size_interval
from dashboard.metrics.psi_noise import ALPHA, ALPHA_AT_ONCE, critical, noise
from dashboard.moved_bins import moved_bins
from dashboard.policy import Policy
from dashboard.pooling import filled, pool
from dashboard.rule import Rule, Verdicts
from dashboard.say import say
from dashboard.tally import Tally
from dashboard.text import LANGUAGES, Text

RULE: Final = Rule(
    key="drift",
    family="drift",
    name=Text("Drift", "Dérive"),
    meaning=Text(
        "The variable's distribution has moved away from training, beyond what chance gives at this number of rows, "
        "by an amount that matters, and not in one batch only: amber from PSI .10, red from .25, noise taken off. It "
        "takes 2 of the last 3 batches to rise and 3 calm ones to fall; an overwhelming red shows at once. Below 200 "
        "rows the newest batches are judged together; where that is not enough: grey.",
        "La distribution de la variable s'est éloignée de l'apprentissage, plus que le hasard ne le fait avec ce "
        "nombre de lignes, d'une ampleur qui compte, et pas dans un seul lot : orange à partir d'un PSI de 0,10, rouge "
        "à partir de 0,25, bruit déduit. Il faut 2 des 3 derniers lots pour monter et 3 lots calmes pour redescendre ; "
        "un rouge écrasant se montre aussitôt. Sous 200 lignes, les derniers lots sont jugés ensemble ; s'ils ne "
        "suffisent pas : gris.",
    ),
    colours=("amber", "red", "grey"),
    condition=Text(
        "soft red: PSI >= K(0.005) and D >= 0.25; soft amber: PSI >= K(0.005) and (D >= 0.10 or U >= 0.25), U = c (l + "
        "1.645 sqrt(2 (B - 1) + 4 l)), l = D / c; shown: 2 of the last 3 batches reach it (of batches judged together: "
        "of the last 3 windows that share no batch), falls after 3 below; red at once: PSI >= K(1e-6) and D >= 0.25",
        "rouge d'un lot : PSI >= K(0,005) et D >= 0,25 ; orange d'un lot : PSI >= K(0,005) et (D >= 0,10 ou U >= 0,25),"
        " U = c (l + 1,645 sqrt(2 (B - 1) + 4 l)), l = D / c ; affiché : 2 des 3 derniers lots l'atteignent (pour des "
        "lots jugés ensemble : des 3 dernières fenêtres sans lot commun), redescend après 3 en dessous ; rouge "
        "aussitôt : PSI >= K(1e-6) et D >= 0,25",
    ),
    source=Text(
        "Siddiqi 2017 (thresholds); Yurdakul & Naranjo 2020 (noise); the rise and fall: this project's simulation",
        "Siddiqi 2017 (seuils) ; Yurdakul & Naranjo 2020 (bruit) ; montée et descente : simulation de ce projet",
    ),
    example=Text(
        "1,000 rows, 10 bins: PSI .17, noise .01, so D = .16. The first such batch stays green, the second turns "
        "amber.",
        "1 000 lignes, 10 classes : PSI 0,17, bruit 0,01, donc D = 0,16. Le premier lot reste vert, le deuxième passe "
        "à l'orange.",
    ),
)


@dataclass(frozen=True, slots=True)
class Drift:
    """What the drift rule found: verdicts, the colours of single batches, and where rows were too few.

    All of shape (T, V). ``rows`` and ``batches`` are those judged together; ``soft`` is a batch's own colour.
    """

    verdicts: Verdicts
    soft: Codes
    shown: Codes
    too_few: npt.NDArray[np.bool_]
    rows: npt.NDArray[np.int64]
    batches: npt.NDArray[np.int64]


def soft_colours(
    value: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    bins: npt.NDArray[np.int64],
    policy: Policy,
) -> tuple[Codes, npt.NDArray[np.bool_], npt.NDArray[np.str_]]:
    """The soft colours of PSI ``value`` with c ``scale`` and B ``bins``, where red shows at once, and the clause.

    All of one shape. NaN is grey. Clauses: at_once, red, amber, upper (amber because red cannot be excluded), or
    empty.
    """
    size = psi_debiased(value, noise(scale, bins))
    upper = size_interval(size, scale, bins)[1]
    with np.errstate(invalid="ignore"):
        real = value >= critical(scale, bins, ALPHA)
        red = real & (size >= policy.drift_red)
        large = real & (size >= policy.drift_amber)
        open_to_red = real & (upper >= policy.drift_red)
        at_once = (value >= critical(scale, bins, ALPHA_AT_ONCE)) & (size >= policy.drift_red)
    soft = np.where(red, RED, np.where(large | open_to_red, AMBER, GREEN)).astype(np.int8)
    soft[~np.isfinite(value)] = GREY
    clause = np.select([at_once, red, large, open_to_red], ["at_once", "red", "amber", "upper"], "")
    return soft, at_once, clause


def judge(
    tally: Tally, policy: Policy, *, frozen: npt.NDArray[np.bool_], kept: Mapping[str, Any] | None = None
) -> Drift:
    """The verdicts on every variable; ``frozen`` (T, V) marks constants, which have no distribution to compare.

    Of a variable whose colour has risen is ``kept`` how many batches in a row were below each level, and how the
    change began.
    """
    before, first = kept or {}, tally.first
    counts, batches = pool(tally.counts, enough=policy.drift_rows, most=policy.pool_batches)
    rows = counts.sum(axis=-1)
    together = filled(tally.n, batches)
    value, scale = psi(tally.reference, counts), sampling(tally.reference, counts)
    bins = bins_in_use(tally.reference, counts)
    unusable = tally.training_values <= 1
    empty = (tally.n == 0) | (tally.missing == tally.n)
    too_few = (tally.n > 0) & ~empty & ~unusable & ~frozen & (rows < policy.drift_rows)
    value = np.where(unusable | empty | frozen | too_few, np.nan, value)
    soft, at_once, clause = soft_colours(value, scale, bins, policy)
    latches = latched(soft, at_once, batches, first=first, before=latches_of(before, tally.names))
    shown = latches.shown
    chance = noise(scale, bins)
    size = psi_debiased(value, chance)
    # A grey drift speaks only where no other rule does: where training itself left nothing to compare with.
    speaks = (shown > GREEN) | (unusable & (tally.n > 0) & ~frozen)
    # Where a change of either colour began, as the batches before left it and after each batch; -1: before all these.
    had = np.array([[AMBER if name in before else GREY for name in tally.names]], np.int8)
    changed = np.where(shown == RED, np.int8(AMBER), shown)[first:]
    began = carried_runs(np.concatenate([had, changed]), np.zeros(len(tally.names), bool))[1] - 1
    tops = moved_bins(tally, counts, shown > GREEN)

    @cache
    def arrived(start: int, v: int) -> dict[str, Any]:
        if start < 0:
            return {fact: before[tally.names[v]][fact] for fact in ("onset", "arrival")}
        how, at = arrival(size[:, v], first + start, windows=batches[:, v])
        return {"onset": tally.dates[at].isoformat(), "arrival": how}

    def words(t: int, v: int) -> Mapping[str, Any]:
        if shown[t, v] == GREY:
            return {"reason": _reason(tally, v)}
        return {**arrived(int(began[t - first + 1, v]), v), "top": tops[t, v]}

    verdicts = Verdicts(
        RULE,
        tally.names,
        shown,
        {
            "psi": value,
            "noise": chance,
            "critical": critical(scale, bins, ALPHA),
            "critical_at_once": critical(scale, bins, ALPHA_AT_ONCE),
            "debiased": size,
            "upper": size_interval(size, scale, bins)[1],
            "n": rows,
            "training_n": tally.training_n,
            "bins": bins,
            "batches": together,
            "soft": soft,
            "clause": clause,
            "below": latches.below,
            "amber": policy.drift_amber,
            "red": policy.drift_red,
        },
        words,
        size=size / policy.drift_amber,
        silent=~speaks,
        weights=tally.weights,
        kept=[
            {
                tally.names[v]: {**latch.misses_of(v), **arrived(int(began[t, v]), v)}
                for v in np.flatnonzero(latch.held.any(axis=0)).tolist()
            }
            for t, latch in enumerate(latches.before)
        ],
    )
    return Drift(verdicts, soft, shown, too_few, rows, together)


def _reason(tally: Tally, v: int) -> str:
    if tally.training_n[v] == 0:
        return "training_empty"
    return "training_constant" if tally.training_values[v] else "training_missing"


def sentence(finding: Finding) -> Text:
    """``wait_seconds moved: PSI .17 (noise .01, amber from .10), drifting since 3 November, ...``"""
    facts = finding.facts
    near = finding.batch_date
    if finding.colour == "grey":
        return say(_GREY[facts["reason"]], {**facts, "subject": finding.subject}, near=near)
    level = RED if finding.colour == "red" else AMBER
    values = {
        **facts,
        "near": near,
        "subject": finding.subject,
        "colour": _COLOUR[finding.colour],
        "threshold": facts[finding.colour],
        "left": FALL - facts["below"],
        "top": bin_words(facts["top"], near=near),
        "before": facts["top"]["training"],
        "now": facts["top"]["value"],
        "mostly": _MOSTLY if facts["top"]["part"] >= 0.5 else _NOTABLY,
    }
    if facts["soft"] < level:
        return say(_RETURNING_NEXT if values["left"] == 1 else _RETURNING, values | _calmer(facts, values), near=near)
    values["extent"] = say(_POOLED if facts["batches"] > 1 else _ALONE, values, near=near)
    values["when"] = say(_WHEN[facts["arrival"]], values, near=near)
    return say(_OPEN if facts["clause"] == "upper" else _MOVED, values, near=near)


def _calmer(facts: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Text]:
    """Why the shown colour is no longer reached, in numbers that say so as they are written."""
    near = values["near"]
    judged = _THIS_BATCH if facts["batches"] <= 1 else say(_THESE_BATCHES, facts, near=near)
    size, threshold = facts["debiased"], values["threshold"]
    # A size that would be written as the threshold itself gets a third digit, cut off, not rounded up to it.
    close = round(size, 2) >= threshold
    shown = Text(*(index(math.floor(size * 1000) / 1000 if close else size, language, digits=3 if close else 2)
                   for language in LANGUAGES))  # fmt: skip
    template = _BELOW if round(facts["psi"], 2) < threshold else _SMALLER if size < threshold else _CHANCE
    return {"calmer": say(template, {**values, "judged": judged, "size": shown}, near=near)}


_COLOUR = {"amber": Text("amber", "orange"), "red": Text("red", "rouge")}
_MOSTLY, _NOTABLY = Text("mostly", "surtout"), Text("notably", "notamment")
_ALONE = Text("PSI {psi:index}", "PSI de {psi:index}")
_POOLED = Text(
    "PSI {psi:index} over {batches:count} batches ({n:count} rows)",
    "PSI de {psi:index} sur {batches:count} lots ({n:count} lignes)",
)
_MOVED = Text(
    "{subject:name} moved: {extent} (noise {noise:index}, {colour} from {threshold:index}), {when}; {mostly} {top} "
    "({before:share} in training, {now:share} now).",
    "{subject:name} a bougé : {extent} (bruit {noise:index}, {colour} dès {threshold:index}), {when} ; {mostly} {top} "
    "({before:share} à l'apprentissage, {now:share} maintenant).",
)
_OPEN = Text(
    "{subject:name} moved: {extent} (noise {noise:index}); with {n:count} rows red (from {red:index}) cannot be "
    "excluded, {when}.",
    "{subject:name} a bougé : {extent} (bruit {noise:index}) ; avec {n:count} lignes, le rouge (dès {red:index}) ne "
    "peut être exclu, {when}.",
)
_WHEN = {
    "sudden": Text("at once on {onset:date}", "d'un coup le {onset:date}"),
    "gradual": Text("drifting since {onset:date}", "en dérive depuis le {onset:date}"),
    "first": Text("since this version's first batch", "dès le premier lot de cette version"),
}
_THIS_BATCH = Text("in this batch", "dans ce lot")
_THESE_BATCHES = Text("over {batches:count} batches ({n:count} rows)", "sur {batches:count} lots ({n:count} lignes)")
_BELOW = Text(
    "PSI {psi:index} {judged}, below {colour} ({threshold:index})",
    "PSI de {psi:index} {judged}, sous le seuil {colour} ({threshold:index})",
)
_SMALLER = Text(
    "PSI {psi:index} {judged}, {size} with the noise taken off, below {colour} ({threshold:index})",
    "PSI de {psi:index} {judged}, soit {size} bruit déduit, sous le seuil {colour} ({threshold:index})",
)
_CHANCE = Text(
    "PSI {psi:index} {judged}, no more than chance alone can give ({critical:index})",
    "PSI de {psi:index} {judged}, pas plus que ne peut donner le hasard ({critical:index})",
)
_RETURNING = Text(
    "{subject:name} is coming back: {calmer}; {left:count} more batches like it confirm.",
    "{subject:name} se rétablit : {calmer} ; encore {left:count} lots semblables pour le confirmer.",
)
_RETURNING_NEXT = Text(
    "{subject:name} is coming back: {calmer}; one more like it confirms.",
    "{subject:name} se rétablit : {calmer} ; encore un lot semblable pour le confirmer.",
)
_GREY = {
    "training_empty": Text(
        "{subject:name} has no training rows to compare with: deliver the training set again.",
        "{subject:name} n'a aucune ligne d'apprentissage à comparer : livrer à nouveau le jeu d'apprentissage.",
    ),
    "training_missing": Text(
        "{subject:name} had no value in training: its drift cannot be judged.",
        "{subject:name} n'avait aucune valeur à l'apprentissage : sa dérive ne peut être jugée.",
    ),
    "training_constant": Text(
        "{subject:name} was constant in training: its drift cannot be judged.",
        "{subject:name} était constante à l'apprentissage : sa dérive ne peut être jugée.",
    ),
}
