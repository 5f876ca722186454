"""What colours depend on: the defaults, and what the fleet's policy, a model's and its variables' change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.policy_key import (
    ABOVE_ONE,
    ABOVE_ZERO,
    ANY_COUNT,
    BELOW_ONE,
    COUNT,
    FROM_ZERO,
    SHARE,
    SOME_SHARE,
    Key,
    key,
)
from dashboard.text import Text

_RED: Final = Text("the same for red", "de même pour le rouge")


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of one model: each field is declared with its place in JSON, its default and its meaning.

    Shares, PSI and AUC drops are 0..1; rises of RMSE are relative. ``off`` are the keys of rules that do not judge;
    ``variables`` holds, by variable, the fields that differ for it, and under ``off`` the rules that do not judge it.
    ValueError when a value is out of its range, or two of them contradict each other.
    """

    drift_amber: float = key(
        "drift.amber",
        0.10,
        ABOVE_ZERO,
        Text(
            "PSI, its noise taken off, from which a variable's drift is amber",
            "PSI, bruit déduit, à partir duquel la dérive d'une variable est orange",
        ),
        by_variable=True,
    )
    drift_red: float = key("drift.red", 0.25, ABOVE_ZERO, _RED, by_variable=True)
    drift_rows: int = key(
        "drift.rows",
        200,
        COUNT,
        Text(
            "rows that a batch needs to be judged alone; smaller ones are pooled with those before",
            "lignes qu'il faut à un lot pour être jugé seul ; les plus petits sont réunis aux précédents",
        ),
    )
    pool_batches: int = key(
        "drift.pool_batches",
        7,
        COUNT,
        Text(
            "batches that are pooled at most; fewer rows than that give is grey",
            "lots réunis au plus ; gris s'ils ne donnent pas assez de lignes",
        ),
    )
    drift_window_days: int = key(
        "drift.window_days",
        0,
        ANY_COUNT,
        Text(
            "days whose batches are judged together, the newest last; 0 judges each batch alone",
            "jours dont les lots sont jugés ensemble, le dernier compris ; 0 juge chaque lot seul",
        ),
    )
    drift_reference: str = key(
        "drift.reference",
        "training",
        ("training", "weekday"),
        Text(
            "what a batch is compared with: all training rows, or those of its own weekday",
            "ce à quoi un lot est comparé : tout l'apprentissage, ou ses seules lignes du même jour de la semaine",
        ),
    )
    missing_amber: float = key(
        "missing.amber",
        0.01,
        SOME_SHARE,
        Text(
            "rise of the missing share above training's from which it is amber",
            "hausse de la part manquante au-dessus de l'apprentissage à partir de laquelle elle est orange",
        ),
        by_variable=True,
    )
    missing_red: float = key("missing.red", 0.05, SOME_SHARE, _RED, by_variable=True)
    unseen_amber: float = key(
        "unseen.amber",
        0.01,
        SOME_SHARE,
        Text(
            "share of rows with a level that training did not have, from which it is amber",
            "part des lignes d'une modalité absente de l'apprentissage à partir de laquelle elle est orange",
        ),
        by_variable=True,
    )
    unseen_red: float = key("unseen.red", 0.05, SOME_SHARE, _RED, by_variable=True)
    out_of_range_amber: float = key(
        "out_of_range.amber",
        0.01,
        SOME_SHARE,
        Text(
            "rise of the share of rows outside the range of training from which it is amber",
            "hausse de la part des lignes hors de l'étendue de l'apprentissage à partir de laquelle elle est orange",
        ),
        by_variable=True,
    )
    out_of_range_red: float = key("out_of_range.red", 0.05, SOME_SHARE, _RED, by_variable=True)
    vanished_amber: float = key(
        "vanished.amber",
        0.01,
        SOME_SHARE,
        Text(
            "share that levels without any row left had in training, from which it is amber",
            "part qu'avaient à l'apprentissage les modalités qui n'ont plus aucune ligne, à partir de laquelle c'est "
            "orange",
        ),
        by_variable=True,
    )
    vanished_red: float = key("vanished.red", 0.05, SOME_SHARE, _RED, by_variable=True)
    duplicate_ids_amber: float = key(
        "duplicate_ids.amber",
        0.01,
        SOME_SHARE,
        Text(
            "share of rows with an identifier that came before in the batch, from which it is amber",
            "part des lignes dont l'identifiant est déjà passé dans le lot, à partir de laquelle elle est orange",
        ),
    )
    duplicate_ids_red: float = key("duplicate_ids.red", 0.05, SOME_SHARE, _RED)
    row_count_low: float = key(
        "row_count.low",
        0.5,
        BELOW_ONE,
        Text(
            "a batch with fewer rows than this multiple of the usual is a finding",
            "un lot de moins de lignes que ce multiple de l'habitude est un constat",
        ),
    )
    row_count_high: float = key(
        "row_count.high",
        2.0,
        ABOVE_ONE,
        Text(
            "a batch with more rows than this multiple of the usual is a finding",
            "un lot de plus de lignes que ce multiple de l'habitude est un constat",
        ),
    )
    row_count_batches: int = key(
        "row_count.batches",
        28,
        COUNT,
        Text("batches before that say what is usual", "lots précédents qui disent ce qui est habituel"),
    )
    row_count_season: str = key(
        "row_count.season",
        "weekday",
        ("none", "weekday", "month"),
        Text(
            "which of them count: all, those of the same weekday, or of the same month of earlier years, where they "
            "are enough",
            "lesquels comptent : tous, ceux du même jour de la semaine, ou du même mois des années précédentes, s'ils "
            "suffisent",
        ),
    )
    auc_rule: str = key(
        "auc.rule",
        "baseline",
        ("baseline", "floor", "band"),
        Text(
            "what AUC is held to: the version's baseline, a fixed floor, or the band of its reference slices",
            "à quoi l'AUC est tenue : la référence de la version, un plancher fixe, ou la bande de ses tranches de "
            "référence",
        ),
    )
    auc_floor: float = key(
        "auc.floor",
        0.5,
        SHARE,
        Text("the floor, where auc.rule is floor", "le plancher, quand auc.rule est floor"),
    )
    auc_amber: float = key(
        "auc.amber",
        0.01,
        SOME_SHARE,
        Text(
            "drop of AUC below the version's baseline from which it is amber",
            "baisse de l'AUC sous la référence de la version à partir de laquelle elle est orange",
        ),
    )
    auc_red: float = key("auc.red", 0.03, SOME_SHARE, _RED)
    accuracy_amber: float = key(
        "accuracy.amber",
        0.01,
        SOME_SHARE,
        Text(
            "drop of accuracy below the version's baseline from which it is amber",
            "baisse de l'exactitude sous la référence de la version à partir de laquelle elle est orange",
        ),
    )
    accuracy_red: float = key("accuracy.red", 0.03, SOME_SHARE, _RED)
    rmse_amber: float = key(
        "rmse.amber",
        0.05,
        ABOVE_ZERO,
        Text(
            "relative rise of RMSE above the version's baseline from which it is amber",
            "hausse relative de la RMSE au-dessus de la référence de la version à partir de laquelle elle est orange",
        ),
    )
    rmse_red: float = key("rmse.red", 0.15, ABOVE_ZERO, _RED)
    completeness: float = key(
        "performance.completeness",
        0.95,
        SHARE,
        Text(
            "share of a cohort's truth that must be known before it is judged",
            "part de la vérité d'une cohorte qui doit être connue avant qu'elle soit jugée",
        ),
    )
    grace_share: float = key(
        "freshness.grace_share",
        0.25,
        FROM_ZERO,
        Text("share of the cadence by which a batch may be late", "part de la cadence dont un lot peut être en retard"),
    )
    importance_light: float = key(
        "importance.light",
        0.01,
        SHARE,
        Text(
            "importance below which a red variable counts as amber",
            "importance en dessous de laquelle une variable rouge compte comme orange",
        ),
    )
    off: frozenset[str] = frozenset()
    variables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def of(self, name: str, variables: Sequence[str]) -> npt.NDArray[np.float64]:
        """(V,): the field ``name`` as it holds for each of ``variables``."""
        own, general = self.variables, float(getattr(self, name))
        if not own:
            return np.full(len(variables), general)
        return np.array([float(own.get(variable, {}).get(name, general)) for variable in variables], np.float64)

    def judges(self, rule: str, variables: Sequence[str]) -> npt.NDArray[np.bool_]:
        """(V,): whether the rule judges each of ``variables``."""
        if rule in self.off or not self.variables:
            return np.full(len(variables), rule not in self.off)
        return np.array([rule not in self.variables.get(name, {}).get("off", ()) for name in variables], bool)

    def for_variable(self, variable: str) -> Policy:
        """The policy as it holds for one variable."""
        own = dict(self.variables.get(variable, {}))
        off = self.off | own.pop("off", frozenset())
        return replace(self, **own, off=off, variables={})

    def __post_init__(self) -> None:
        values = {one.name: one.read(getattr(self, one.name)) for one in KEYS}
        check_agreement(values)
        for variable, own in self.variables.items():
            check_agreement({**values, **own}, variable)


KEYS: Final = tuple(Key(one.name, *one.metadata["declared"]) for one in fields(Policy) if "declared" in one.metadata)
"""Every key there is; docs/models.md and docs/statistics.md are made from this."""

POLICY_KEYS: Final[dict[str, str]] = {one.place: one.name for one in KEYS}
"""Where each field stands in the registry's JSON: ``section.key`` -> field of Policy."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {one.name: one.takes for one in KEYS if isinstance(one.takes, tuple)}
"""The words that a field which is no number takes."""

_PAIRS: Final = tuple((name, f"{name[:-6]}_red") for name in POLICY_KEYS.values() if name.endswith("_amber"))


def check_agreement(values: Mapping[str, Any], variable: str = "") -> None:
    """ValueError where an amber threshold among ``values`` (by field), a variable's or all's, is above its red one."""
    for amber, red in _PAIRS:
        if amber in values and red in values and values[amber] > values[red]:
            rule, whose = amber.removesuffix("_amber"), f"variable {variable!r}: " if variable else ""
            raise ValueError(
                f"{whose}{rule}.amber ({values[amber]:g}) must be no higher than {rule}.red ({values[red]:g})"
            )
