"""What people are told of a model and when it may be trained anew: the keys of the policy that no colour depends on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from dashboard.policy_key import ANY_COUNT, COUNT, SHARE, Key, key
from dashboard.text import Text

YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Of one model, each field declared as those of dashboard.policy.Policy; days are calendar days, UTC."""

    alert_from: str = key(
        "alerts.from",
        "amber",
        ("amber", "red"),
        Text("colour from which the owner is written to", "couleur à partir de laquelle on écrit au responsable"),
    )
    alert_late: str = key(
        "alerts.late",
        "yes",
        YES_NO,
        Text("whether the owner is written to when no batch comes", "si l'on écrit au responsable faute de lot"),
    )
    alert_language: str = key(
        "alerts.language",
        "default",
        ("default", "en", "fr"),
        Text("the owner's language; default is VIGIE_LANGUAGE", "langue du responsable ; default est VIGIE_LANGUAGE"),
    )
    reminder_days: int = key(
        "alerts.reminder_days",
        14,
        ANY_COUNT,
        Text(
            "days after which a colour that lasts, and that nobody has taken care of, is told again; 0 never does",
            "jours après lesquels on redit une couleur qui dure et dont personne ne s'occupe ; 0 ne redit rien",
        ),
    )
    retrain_reds: int = key(
        "retrain.reds",
        2,
        COUNT,
        Text(
            "red batches in a row from which retraining may be asked for where no matured truth is red",
            "lots rouges de suite à partir desquels demander un réentraînement si aucune vérité mûre n'est rouge",
        ),
    )
    retrain_rows: int = key(
        "retrain.rows",
        1000,
        ANY_COUNT,
        Text(
            "rows with known truth since the version's training that a retraining needs",
            "lignes de vérité connue depuis l'entraînement de la version qu'il faut pour réentraîner",
        ),
    )
    retrain_cool_down_days: int = key(
        "retrain.cool_down_days",
        14,
        ANY_COUNT,
        Text("days between two requests to retrain", "jours entre deux demandes de réentraînement"),
    )
    retrain_per_month: int = key(
        "retrain.per_month",
        2,
        COUNT,
        Text("requests to retrain within 30 days at most", "demandes de réentraînement en 30 jours au plus"),
    )
    retrain_approval: str = key(
        "retrain.approval",
        "no",
        YES_NO,
        Text("whether somebody has to approve a retraining", "si quelqu'un doit approuver un réentraînement"),
    )
    retrain_margin: float = key(
        "retrain.margin",
        0.005,
        SHARE,
        Text(
            "how much worse than the version before, on the same cohort, a new one may be for its baseline to count",
            "de combien une nouvelle version peut être moins bonne que la précédente, sur la même cohorte, pour que sa "
            "référence compte",
        ),
    )


KEYS: Final = tuple(
    Key(one.name, *one.metadata["declared"]) for one in fields(AlertPolicy) if "declared" in one.metadata
)
"""Every key of these; docs/models.md is made from this."""
