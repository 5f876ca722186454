"""What there is to say of a variable in a batch in which no rule found anything."""

from __future__ import annotations

from typing import Final

from dashboard import format as form
from dashboard.policy import Policy
from dashboard.text import Text
from dashboard.web.page import Request
from dashboard.web.views.variable import VariableHistory, shares

_STABLE: Final = Text(
    "Stable: PSI {psi} in the batch of {day}, no more than chance alone gives ({chance}); {missing} missing, "
    "{training} at training.",
    "Stable\u00a0: PSI de {psi} dans le lot du {day}, pas plus que le seul hasard ({chance})\u202f; {missing} de "
    "manquants, "
    "{training} à l\u2019apprentissage.",
)
_SMALL: Final = Text(
    "Stable: PSI {psi} in the batch of {day}, more than chance alone gives ({chance}) but below amber ({amber}); "
    "{missing} missing, {training} at training.",
    "Stable\u00a0: PSI de {psi} dans le lot du {day}, plus que le seul hasard ({chance}) mais sous le seuil orange "
    "({amber})\u202f; {missing} de manquants, {training} à l\u2019apprentissage.",
)
_WAITING: Final = Text(
    "PSI {psi} in the batch of {day} reaches amber ({amber}), so far alone; a second batch like it would colour it.",
    "Le PSI de {psi} dans le lot du {day} atteint l\u2019orange ({amber}), seul pour l\u2019instant\u202f; un second "
    "lot "
    "semblable le colorerait.",
)
_UNJUDGED: Final = Text(
    "Its drift in the batch of {day} could not be judged.", "Sa dérive dans le lot du {day} n\u2019a pu être jugée."
)
_NOT_THERE: Final = Text("The batch of {day} did not deliver it.", "Le lot du {day} ne l\u2019a pas livrée.")
_NOT_EVALUATED: Final = Text(
    "The batch of {day} is not evaluated yet.", "Le lot du {day} n\u2019est pas encore évalué."
)


def calm_sentence(request: Request, history: VariableHistory, place: int, policy: Policy) -> str:
    """Why the variable has its colour in the batch at ``place``, where no rule has anything to say."""
    t, language = request.t, request.language
    values = {key: numbers[place] for key, numbers in history.measures.items()}
    day = form.day(history.batches[place].day, language, near=request.today)
    psi, chance = values["psi"], values["chance"]
    if not history.evaluated[place]:
        text = _NOT_THERE if history.summaries[place] is None else _NOT_EVALUATED
    elif psi is None or history.colours[place] == "grey":
        text = _UNJUDGED
    elif chance is None or psi <= chance:
        text = _STABLE
    else:
        text = _SMALL if psi - (values["noise"] or 0.0) < policy.drift_amber else _WAITING
    return t(text).format(
        psi=form.index(psi, language),
        chance=form.index(chance, language),
        amber=form.index(policy.drift_amber, language),
        missing=form.share(values["missing_share"], language),
        training=form.share(float(shares(history.training)[-1]), language),
        day=day,
    )
