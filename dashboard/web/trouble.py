"""Why the warehouse does not answer, in words for whoever reads the pages."""

from __future__ import annotations

from typing import Final, Literal

from dashboard.text import Text
from qod.errors import Trouble, UnavailableError, VigieError, WarehouseError

Kind = Trouble | Literal["other"]

WORDS: Final[dict[Kind, Text]] = {
    "hang": Text("The warehouse took too long to answer.", "L'entrepôt de données a mis trop de temps à répondre."),
    "busy": Text(
        "The warehouse is busy and turns questions away.",
        "L'entrepôt de données est surchargé et refuse les questions.",
    ),
    "unreachable": Text("The warehouse cannot be reached.", "L'entrepôt de données est injoignable."),
    "broken": Text("The warehouse broke off its answer.", "L'entrepôt de données a interrompu sa réponse."),
    "expired": Text(
        "The warehouse no longer accepts this server's credentials.",
        "L'entrepôt de données n'accepte plus les identifiants de ce serveur.",
    ),
    "denied": Text(
        "This server is not allowed to read the warehouse.",
        "Ce serveur n'a pas le droit de lire l'entrepôt de données.",
    ),
    "quota": Text(
        "The quota for questions to the warehouse is used up.",
        "Le quota de questions à l'entrepôt de données est épuisé.",
    ),
    "other": Text("The tables could not be read just now.", "Les tables n'ont pas pu être lues à l'instant."),
}


def kind_of(error: VigieError) -> Kind:
    """The kind of an error of the warehouse."""
    return error.trouble if isinstance(error, UnavailableError) else "other"


def error_of(kind: Kind) -> WarehouseError:
    """An error of that kind, for answers that are not kept and may not be asked for now."""
    words = WORDS[kind].en
    return WarehouseError(words) if kind == "other" else UnavailableError(words, trouble=kind)
