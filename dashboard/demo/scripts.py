"""The scripted incidents of the demo: what happens, when, to which model, and the colours it must end in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from dashboard.text import Text

FULL_DAYS: Final = 400
"""The history for which the scripts are written; in a shorter one they happen proportionally later."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that begins ``start`` days before today and has reached its full size ``full`` days before today."""

    start: int
    full: int


@dataclass(frozen=True, slots=True)
class Shift(Change):
    """A numeric variable moves by ``size`` standard deviations."""

    variable: str
    size: float


@dataclass(frozen=True, slots=True)
class Missing(Change):
    """A further ``share`` of a variable's rows has no value."""

    variable: str
    share: float


@dataclass(frozen=True, slots=True)
class NewLevel(Change):
    """A category gets a level that training did not have, in ``share`` of the rows."""

    variable: str
    level: str
    share: float


@dataclass(frozen=True, slots=True)
class Rescaled(Change):
    """A variable is delivered in another unit: every value times ``factor``."""

    variable: str
    factor: float


@dataclass(frozen=True, slots=True)
class Season(Change):
    """A variable's seasons, in standard deviations: at work in training too, whatever the dates."""

    variable: str
    weekly: float
    yearly: float


@dataclass(frozen=True, slots=True)
class Concept(Change):
    """The truth follows the score less: its correlation with the score's logit falls to ``kept``."""

    kept: float


@dataclass(frozen=True, slots=True)
class Stop(Change):
    """No batch comes after ``start`` days before today."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The colours of a model's last batch; several, separated by a space, where either is right."""

    colour: str = "green"
    drift: str = "green"
    quality: str = "green"
    performance: str = "green grey"
    freshness: str = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One incident.

    ``floor``: in a short history its days shrink no further than this. ``least_days``: in a shorter history it is left
    out. ``first_version`` is the colour of the last batch of the version that was replaced.
    """

    key: str
    models: tuple[str, ...]
    what: Text
    changes: tuple[Change, ...] = ()
    ending: Ending = Ending()
    floor: int = 21
    least_days: int = 30
    first_version: str | None = None


QUIET: Final = Ending()
"""How every model without a script must end."""

SCRIPTS: Final = (
    Script(
        key="upstream break",
        models=("churn-postpaid", "churn-fixed", "win-back"),
        what=Text(
            "tenure_months turns missing overnight in three models at once: one source has broken.",
            "tenure_months disparaît en une nuit dans trois modèles à la fois : une source est rompue.",
        ),
        changes=(Missing(2, 2, "tenure_months", 0.38),),
        ending=Ending(colour="red", drift="red", quality="red"),
    ),
    Script(
        key="slow drift",
        models=("load-callcentre",),
        what=Text(
            "wait_seconds grows slowly over two months: the world moves, not the pipe.",
            "wait_seconds augmente lentement sur deux mois : le monde bouge, pas la chaîne de données.",
        ),
        changes=(Shift(90, 20, "wait_seconds", 0.37),),
        ending=Ending(colour="amber", drift="amber", performance="green"),
        floor=20,
    ),
    Script(
        key="new category",
        models=("fraud-new-lines",),
        what=Text(
            "a brand that training did not know appears in device_brand.",
            "une marque inconnue à l'apprentissage apparaît dans device_brand.",
        ),
        changes=(NewLevel(12, 6, "device_brand", "Nothing", 0.024),),
        ending=Ending(colour="amber", drift="amber", quality="amber"),
    ),
    Script(
        key="concept drift",
        models=("upsell-fibre",),
        what=Text(
            "a competitor's offer changes who takes fibre: the inputs stay as they were, only the truth shows it.",
            "l'offre d'un concurrent change qui prend la fibre : les entrées sont stables, seule la vérité le montre.",
        ),
        changes=(Concept(75, 60, 0.5),),
        ending=Ending(colour="red", performance="red"),
        floor=32,
        least_days=45,
    ),
    Script(
        key="unit change",
        models=("upsell-mobile-data",),
        what=Text(
            "data_gb_30d is suddenly delivered in megabytes.",
            "data_gb_30d arrive soudain en mégaoctets.",
        ),
        changes=(Rescaled(5, 5, "data_gb_30d", 1000.0),),
        ending=Ending(colour="red", drift="red", quality="red"),
    ),
    Script(
        key="batches stop",
        models=("fault-north",),
        what=Text(
            "no batch has come for nine days, and nobody has noticed.",
            "aucun lot n'est arrivé depuis neuf jours, et personne ne l'a remarqué.",
        ),
        changes=(Stop(9, 9),),
        ending=Ending(colour="grey", freshness="grey"),
    ),
    Script(
        key="immature cohort",
        models=("payment-default",),
        what=Text(
            "a young model whose truth takes 180 days: no cohort is mature, none may colour it.",
            "un modèle récent dont la vérité demande 180 jours : aucune cohorte n'est mûre, aucune ne le colore.",
        ),
        ending=Ending(performance="grey"),
    ),
    Script(
        key="retrain heals",
        models=("next-best-offer",),
        what=Text(
            "data_gb_30d and arpu_eur move until the first version is red; the second, trained afterwards, is green.",
            "data_gb_30d et arpu_eur dérivent jusqu'au rouge ; la seconde version, entraînée ensuite, est verte.",
        ),
        changes=(
            Shift(250, 180, "data_gb_30d", 0.85),
            Shift(230, 190, "arpu_eur", 0.45),
        ),
        ending=Ending(performance="green"),
        least_days=110,
        first_version="red",
    ),
    Script(
        key="seasonal wobble",
        models=("upsell-roaming",),
        what=Text(
            "data_gb_30d and voice_minutes_30d breathe with the week and the year, as they did in training.",
            "data_gb_30d et voice_minutes_30d respirent avec la semaine et l'année, comme à l'apprentissage.",
        ),
        changes=(
            Season(FULL_DAYS, FULL_DAYS, "data_gb_30d", 0.12, 0.09),
            Season(FULL_DAYS, FULL_DAYS, "voice_minutes_30d", 0.12, 0.07),
        ),
    ),
    Script(
        key="small batches",
        models=("fraud-sim-swap",),
        what=Text(
            "150 rows a batch: chance alone would colour it, so batches are judged together.",
            "150 lignes par lot : le hasard seul le colorerait, les lots sont donc jugés ensemble.",
        ),
    ),
)


def days_ago(days_in_full: int, *, days: int, floor: int = 21) -> int:
    """How many days ago something happens in a history of ``days`` that happens ``days_in_full`` ago in a full one.

    Shorter histories bring it closer to today in proportion, but not closer than ``floor``.
    """
    share = min(1.0, days / FULL_DAYS)
    return max(min(days_in_full, floor), round(days_in_full * share))


def script_of(model_id: str, *, days: int) -> Script | None:
    """The script of a model with its days fitted to a history of ``days``; None when it has none, or not so soon."""
    for script in SCRIPTS:
        if model_id in script.models and days >= script.least_days:
            fitted = (
                replace(
                    change,
                    start=days_ago(change.start, days=days, floor=script.floor),
                    full=days_ago(change.full, days=days, floor=script.floor),
                )
                for change in script.changes
            )
            return replace(script, changes=tuple(fitted))
    return None
