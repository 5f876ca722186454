"""What stands on a model's page while its training rows, its batches or its evaluation are still to come."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.empty import empty
from dashboard.web.page import Request

_NO_REFERENCE: Final = Text("No training rows yet.", "Pas encore de données d\u2019apprentissage.")
_NO_REFERENCE_MEANING: Final = Text(
    "The training rows say what is normal: their values are cut into bins once, and every batch is counted into the "
    "same bins. Deliver them and this page fills with the first batch.",
    "Les données d\u2019apprentissage disent ce qui est normal\u00a0: leurs valeurs sont réparties en classes une "
    "fois pour "
    "toutes, et chaque lot est compté dans ces mêmes classes. Livrez-les, et cette page se remplit dès le premier lot.",
)
_NO_BATCH: Final = Text("No batch yet.", "Pas encore de lot.")
_NO_BATCH_MEANING: Final = Text(
    "The training rows are here. With its first batch each variable is held against them.",
    "Les données d\u2019apprentissage sont là. Dès le premier lot, chaque variable leur sera comparée.",
)
_NOT_EVALUATED: Final = Text("Not evaluated yet.", "Pas encore évalué.")
_NOT_EVALUATED_MEANING: Final = Text(
    "Batches have arrived; the next evaluation turns them into measures and colours.",
    "Des lots sont arrivés\u202f; la prochaine évaluation en fera des mesures et des couleurs.",
)


def awaiting(request: Request, model_id: str, versions: Sequence[Mapping[str, Any]]) -> html.Node:
    """The first thing that is missing, what it means, and the command that brings it.

    ``versions`` are those of ``versions_of``.
    """
    model = shlex.quote(model_id)
    if not versions:
        command = f"vigie reference {model} VERSION training.parquet"
        return empty(request, _NO_REFERENCE, _NO_REFERENCE_MEANING, command=command)
    if not any(row["batches"] for row in versions):
        command = f"vigie batch {model} {shlex.quote(versions[0]['model_version'])} DATE batch.parquet"
        return empty(request, _NO_BATCH, _NO_BATCH_MEANING, command=command)
    return empty(request, _NOT_EVALUATED, _NOT_EVALUATED_MEANING, command=f"vigie evaluate {model}")
