"""The variables that Vigie makes itself, for the glossary: what each means and how it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.text import Text
from qod.derived import ERROR, PREDICTION


@dataclass(frozen=True, slots=True)
class DerivedVariable:
    """The facts of a derived variable: ``key`` is its name among the variables of a version."""

    key: str
    name: Text
    meaning: Text
    formula: Text
    example: Text
    source: str | Text


MEANING: Final = Text(
    "Variables that are computed from others, of training rows and batches alike. Drift judges them like any other "
    "variable; the rules on data quality leave them alone.",
    "Des variables calculées à partir d'autres, pour l'apprentissage comme pour les lots. La dérive les juge comme "
    "toute autre variable ; les règles sur la qualité des données ne les regardent pas.",
)

DERIVED: Final = (
    DerivedVariable(
        PREDICTION,
        Text("Predicted class", "Classe prédite"),
        Text(
            "Whether a row's score reaches the threshold of a binary model: positive, or negative. Its drift says that "
            "the share of predicted positives has moved, which nobody has to wait for the truth to know.",
            "Si le score d'une ligne atteint le seuil d'un modèle binaire : positive, ou négative. Sa dérive dit que "
            "la part des positifs prédits a bougé, ce qui se sait sans attendre la vérité.",
        ),
        Text(
            "positive where score >= threshold, negative below, missing without a score",
            "positive si score >= seuil, négative en dessous, manquante sans score",
        ),
        Text(
            "Of 1,000 rows 120 have a score of at least .5, the threshold: 120 positive, 880 negative.",
            "Sur 1 000 lignes, 120 ont un score d'au moins 0,5, le seuil : 120 positives, 880 négatives.",
        ),
        Text("the threshold delivered with the version", "le seuil livré avec la version"),
    ),
    DerivedVariable(
        ERROR,
        Text("Reconstruction error", "Erreur de reconstruction"),
        Text(
            "How far the numeric variables of a row are from going together as they did in training. Principal "
            "components learnt on training rows keep at least 65 % of the variance; what they cannot give back of a "
            "row is its error. Its drift tells of variables that each look as ever but no longer go together.",
            "De combien les variables numériques d'une ligne s'écartent de l'ensemble qu'elles formaient à "
            "l'apprentissage. Des composantes principales apprises sur des lignes d'apprentissage gardent au moins "
            "65 % de la variance ; ce qu'elles ne savent pas rendre d'une ligne est son erreur. Sa dérive révèle des "
            "variables qui ont chacune leur allure habituelle mais ne vont plus ensemble.",
        ),
        Text(
            "sqrt(|z|^2 - sum of (component . z)^2), z: the standardised values, 0 where missing; 20 components at "
            "most",
            "sqrt(|z|^2 - somme des (composante . z)^2), z : valeurs centrées réduites, 0 si manquante ; 20 "
            "composantes au plus",
        ),
        Text(
            "Age and seniority rise together. An age of 22 with a seniority of 30 years lies off their common line, "
            "though neither is rare: a large error.",
            "L'âge et l'ancienneté montent ensemble. Un âge de 22 ans avec 30 ans d'ancienneté est loin de leur droite "
            "commune, bien qu'aucun ne soit rare : une grande erreur.",
        ),
        "Jolliffe 2002",
    ),
)
