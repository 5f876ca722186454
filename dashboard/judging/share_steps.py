"""The steps by which a share turns a colour, for the rules that compare one with training."""

from __future__ import annotations

from typing import Final

from dashboard.finding import Finding
from dashboard.judging.course import course_step
from dashboard.judging.proportion import SIGNIFICANCE
from dashboard.plural import rows_word
from dashboard.say import say
from dashboard.text import Text


def share_steps(finding: Finding, what: Text, *, verdict: Text | None = None) -> tuple[Text, ...]:
    """What was counted, in training too, how much that is, what chance gives, which colour that makes, since when.

    ``what`` completes "2 of 200 rows ..."; ``verdict`` says the colour where another reason gave it. The facts are
    ``value``, ``rows`` and ``n``, ``p_value``, ``amber``, ``red``, ``training_n`` and, where training can have such
    rows, ``training`` and ``training_rows``.
    """
    facts, near = finding.facts, finding.batch_date
    training = facts.get("training") or 0.0
    values = {
        "training_rows": 0,
        **facts,
        "training": training,
        "what": what,
        "of": rows_word(facts["n"]),
        "subject": finding.subject,
        "rise": facts["value"] - training,
        "limit": SIGNIFICANCE,
    }
    return (
        say(_COUNTED, values, near=near),
        say(_TRAINING, values, near=near),
        say(_RISE, values, near=near),
        say(_CHANCE if facts["p_value"] < SIGNIFICANCE else _BY_CHANCE, values, near=near),
        say(verdict or VERDICTS[finding.colour], values, near=near),
        *course_step(finding),
    )


_COUNTED: Final = Text(
    "{rows:count} of {n:count} {of} {what} in {subject:name}: {value:share}.",
    "{rows:count} sur {n:count} {of} {what} dans {subject:name} : {value:share}.",
)
_TRAINING: Final = Text(
    "In training: {training_rows:count} of {training_n:count}, {training:share}.",
    "À l'apprentissage : {training_rows:count} sur {training_n:count}, {training:share}.",
)
_RISE: Final = Text(
    "That is {rise:points} more; amber asks for {amber:points}, red for {red:points}.",
    "Cela fait {rise:points} de plus ; l'orange en demande {amber:points}, le rouge {red:points}.",
)
_CHANCE: Final = Text(
    "If the batch were like training, so many or more would come with probability {p_value:of_chance}, less than the "
    "{limit:chance} that a colour asks for.",
    "Si le lot était comme l'apprentissage, il en viendrait autant ou plus avec une probabilité {p_value:of_chance}, "
    "moins que les {limit:chance} qu'une couleur exige.",
)
_BY_CHANCE: Final = Text(
    "If the batch were like training, so many or more would come with probability {p_value:of_chance}; a colour asks "
    "for less than {limit:chance}.",
    "Si le lot était comme l'apprentissage, il en viendrait autant ou plus avec une probabilité {p_value:of_chance} ; "
    "une couleur exige moins de {limit:chance}.",
)
VERDICTS: Final[dict[str, Text]] = {
    "red": Text("Both hold at the level of red: red.", "Les deux conditions tiennent au niveau du rouge : rouge."),
    "amber": Text(
        "Both hold at the level of amber, not of red: amber.",
        "Les deux conditions tiennent au niveau de l'orange, pas du rouge : orange.",
    ),
    "note": Text(
        "Not both hold: a note, no colour.", "Les deux conditions ne tiennent pas ensemble : une note, sans couleur."
    ),
}
