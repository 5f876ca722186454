"""The rule on drift: is the change of a variable's distribution real, large enough, and lasting?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, GREY, NAMES, RED, Codes, carried_runs
from dashboard.finding import Finding
from dashboard.judging.arrival import arrival
from dashboard.judging.drift_steps import drift_steps
from dashboard.judging.drift_words import drift_sentence
from dashboard.judging.floor import floors, thresholds
from dashboard.judging.latch import latched, latches_of
from dashboard.judging.moved_bins import moved_bins
from dashboard.judging.pooling import filled
from dashboard.judging.same_weekday import WEEK, Mixed, mixed_reference
from dashboard.judging.soft_colour import Compared, compare, soft_colours
from dashboard.judging.windows import windows_of
from dashboard.policy import Policy
from dashboard.rule import Rule, Verdicts
from dashboard.tally import Tally
from dashboard.text import Text

Flags = npt.NDArray[np.bool_]

RULE: Final = Rule(
    key="drift",
    family="drift",
    name=Text("Drift", "Dérive"),
    meaning=Text(
        "The variable's distribution has moved away from training, beyond what chance gives at this number of rows, "
        "by an amount that matters, and not in one batch only: amber from PSI .10, red from .25, noise taken off. It "
        "takes 2 of the last 3 batches to rise and 3 calm ones to fall; an overwhelming red shows at once. Below 200 "
        "rows the newest batches are judged together; where that is not enough: grey. Where at least 20 slices of the "
        "training rows say how far they are from all of them, only what goes beyond that is drift; where they "
        "themselves are as far as a red: grey. A policy may ask for windows of days, or for the training rows of the "
        "same weekday.",
        "La distribution de la variable s'est éloignée de l'apprentissage, plus que le hasard ne le fait avec ce "
        "nombre de lignes, d'une ampleur qui compte, et pas dans un seul lot : orange à partir d'un PSI de 0,10, rouge "
        "à partir de 0,25, bruit déduit. Il faut 2 des 3 derniers lots pour monter et 3 lots calmes pour redescendre ; "
        "un rouge écrasant se montre aussitôt. Sous 200 lignes, les derniers lots sont jugés ensemble ; s'ils ne "
        "suffisent pas : gris. Quand au moins 20 tranches de l'apprentissage disent combien elles s'écartent de "
        "l'ensemble, seul ce qui va au-delà est une dérive ; quand elles s'écartent elles-mêmes autant qu'un rouge : "
        "gris. Une politique peut demander des fenêtres de plusieurs jours, ou les lignes d'apprentissage du même jour "
        "de semaine.",
    ),
    colours=("amber", "red", "grey"),
    condition=Text(
        "soft red: PSI >= K(0.005) and D >= 0.25; soft amber: PSI >= K(0.005) and (D >= 0.10 or U >= 0.25), U = c (l + "
        "1.645 sqrt(2 (B - 1) + 4 l)), l = D / c; shown: 2 of the last 3 batches reach it (of batches judged together: "
        "of the last 3 windows that share no batch), falls after 3 below; red at once: PSI >= K(1e-6) and D >= 0.25; "
        "with t = mean + 3 sd of D between at least 20 slices of training: amber from max(0.10, t), red from max(0.25, "
        "2.5 t), grey where t > 0.25 and t > red; in windows of 7 days and more t / sqrt(days)",
        "rouge d'un lot : PSI >= K(0,005) et D >= 0,25 ; orange d'un lot : PSI >= K(0,005) et (D >= 0,10 ou U >= 0,25),"
        " U = c (l + 1,645 sqrt(2 (B - 1) + 4 l)), l = D / c ; affiché : 2 des 3 derniers lots l'atteignent (pour des "
        "lots jugés ensemble : des 3 dernières fenêtres sans lot commun), redescend après 3 en dessous ; rouge "
        "aussitôt : PSI >= K(1e-6) et D >= 0,25 ; avec t = moyenne + 3 écarts types de D entre au moins 20 tranches de "
        "l'apprentissage : orange dès max(0,10, t), rouge dès max(0,25, 2,5 t), gris si t > 0,25 et t > rouge ; dans "
        "des fenêtres de 7 jours et plus, t / sqrt(jours)",
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
    """What the drift rule found: verdicts, the colours of single windows, and where rows were too few.

    All of shape (T, V). ``rows`` and ``batches`` are those judged together; ``soft`` is a window's own colour.
    ``alone`` is each batch compared with all training rows, where that is what was judged.
    """

    verdicts: Verdicts
    soft: Codes
    shown: Codes
    too_few: Flags
    rows: npt.NDArray[np.int64]
    batches: npt.NDArray[np.int64]
    alone: Compared | None = None


def judge(tally: Tally, policy: Policy, *, frozen: Flags, kept: Mapping[str, Any] | None = None) -> Drift:
    """The verdicts on every variable; ``frozen`` (T, V) marks constants, which have no distribution to compare.

    Of a variable whose colour has risen is ``kept`` how many batches in a row were below each level, and how the
    change began.
    """
    before, first, names = kept or {}, tally.first, tally.names
    windows = windows_of(tally, policy)
    mixed = mixed_reference(tally, windows) if policy.drift_reference == "weekday" else None
    reference = tally.reference if mixed is None else mixed.counts
    rows, together = windows.counts.sum(axis=-1), filled(tally.n, windows.batches)
    lowest = floors(tally, windows, policy)
    amber, red, hidden = thresholds(lowest, policy, names)
    found = compare(reference, windows.counts)
    judged = policy.judges(RULE.key, names)
    # Other rules speak of what has no distribution at all; a variable that is not judged is left alone.
    silent = ~judged | frozen | (tally.n == 0) | (tally.missing == tally.n)
    why = _reasons(tally, found, rows, mixed, hidden, policy)
    unusable = (why > 0) & (why <= _OF_TRAINING)
    speaks = np.where(unusable, judged & ~frozen & (tally.n > 0), ~silent & (why > _FEW))
    value = np.where(silent | (why > 0), np.nan, found.psi)
    soft, at_once, clause = soft_colours(replace(found, psi=value), amber, red)
    soft = np.where(judged, soft, np.int8(GREEN))
    latches = latched(
        soft, at_once, windows.batches, oldest=windows.oldest, first=first, before=latches_of(before, names)
    )
    shown = latches.shown
    size = np.where(np.isnan(value), np.nan, found.size)
    # Where a change of either colour began, as the batches before left it and after each batch; -1: before all these.
    had = np.array([[AMBER if name in before else GREY for name in names]], np.int8)
    changed = np.where(shown == RED, np.int8(AMBER), shown)[first:]
    began = carried_runs(np.concatenate([had, changed]), np.zeros(len(names), bool))[1] - 1
    floored = np.broadcast_to(np.isfinite(lowest), shown.shape)
    tops = moved_bins(tally, reference, windows.counts, shown > GREEN)

    @cache
    def arrived(start: int, v: int) -> dict[str, Any]:
        if start < 0:
            return {fact: before[names[v]][fact] for fact in ("onset", "arrival")}
        at = first + start
        how, at = arrival(size[:, v], at, windows=windows.batches[:, v], oldest=int(windows.oldest[at, v]))
        return {"onset": tally.dates[at].isoformat(), "arrival": how}

    def words(t: int, v: int) -> Mapping[str, Any]:
        variable = tally.variables[v]
        told: dict[str, Any] = {"derived": True} if variable.derived else {}
        if floored[t, v] and variable.noise is not None:
            told["slices"] = {"n": variable.noise.n, "mean": variable.noise.mean, "sd": variable.noise.sd}
        if shown[t, v] == GREY:
            return {**told, "reason": REASONS[why[t, v]]}
        votes = [
            {"date": tally.dates[place].isoformat(), "colour": NAMES[int(soft[place, v])]}
            for place in latches.votes[:, t, v].tolist()
            if place >= 0
        ]
        return {**told, **arrived(int(began[t - first + 1, v]), v), "top": tops[t, v], "votes": votes}

    verdicts = Verdicts(
        RULE,
        names,
        shown,
        {
            "psi": value,
            "noise": found.noise,
            "critical": found.critical,
            "critical_at_once": found.critical_at_once,
            "debiased": size,
            "upper": np.where(np.isnan(value), np.nan, found.upper),
            "n": rows,
            "training_n": np.rint(reference.sum(axis=-1)).astype(np.int64),
            "bins": found.bins,
            "batches": together,
            "window_days": policy.drift_window_days,
            "reference": policy.drift_reference,
            "soft": soft,
            "clause": clause,
            "below": latches.below,
            "amber": amber,
            "red": red,
            "amber_set": policy.of("drift_amber", names),
            "red_set": policy.of("drift_red", names),
            "floor": lowest,
        },
        words,
        size=size / amber,
        silent=~((shown > GREEN) | speaks),
        weights=tally.weights,
        kept=[
            {
                names[v]: {**latch.misses_of(v), **arrived(int(began[t, v]), v)}
                for v in np.flatnonzero(latch.held.any(axis=0)).tolist()
            }
            for t, latch in enumerate(latches.before)
        ],
    )
    alone = found if mixed is None and (windows.batches == 1).all() else None
    return Drift(verdicts, soft, shown, ~silent & (why == _FEW), rows, together, alone)


REASONS: Final = (
    "",
    *("training_empty", "training_missing", "training_constant"),
    "too_few_rows",
    *("no_weekdays", "few_of_weekday", "constant_of_weekday", "not_monitorable", "not_monitorable_in_window"),
)
"""Why the drift of a variable is grey, the first that holds."""

_OF_TRAINING: Final = REASONS.index("training_constant")
_FEW: Final = REASONS.index("too_few_rows")


def _reasons(
    tally: Tally, found: Compared, rows: npt.NDArray[np.int64], mixed: Mixed | None, hidden: Flags, policy: Policy
) -> Codes:
    """(T, V): the place in REASONS of what keeps drift from being judged; 0 for nothing."""
    values, none = tally.training_values, np.zeros(tally.n.shape, bool)
    flags = (
        tally.training_n == 0,
        values == 0,
        values == 1,
        rows < policy.drift_rows,
        none if mixed is None else ~mixed.known,
        none if mixed is None else mixed.fewest < policy.drift_rows,
        none if mixed is None else found.bins < 2,
        hidden & (policy.drift_window_days < WEEK),
        hidden,
    )
    given = [np.broadcast_to(flag, none.shape) for flag in flags]
    return np.select(given, [np.int8(place) for place in range(1, len(REASONS))], np.int8(0))


def sentence(finding: Finding) -> Text:
    """``wait_seconds moved: PSI .17 (noise .01, amber from .10), drifting since 3 November, ...``"""
    return drift_sentence(finding)


def derivation(finding: Finding) -> tuple[Text, ...]:
    """The steps from the counts to the colour."""
    return drift_steps(finding)
