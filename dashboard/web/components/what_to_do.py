"""Where to act on a model: its runbook, job and code, whom to write to, and what to compare it with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from dashboard import format as form
from dashboard.foreign import json_object
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.outside_link import is_web, outside_link
from dashboard.web.page import Request

NAMES: Final = {
    "runbook": Text("Runbook", "Procédure"),
    "dag": Text("Scoring job", "Traitement"),
    "repository": Text("Code", "Code"),
}
"""Links of the registry that have a name of their own, in the order in which they are needed."""

_LABEL: Final = Text("What to do", "Que faire")
_RUN: Final = Text("Run of this batch", "Exécution de ce lot")
_WRITE: Final = Text("Write to {address}", "Écrire à {address}")
_COMPARE: Final = Text("Compare with another model", "Comparer à un autre modèle")


def what_to_do(request: Request, entry: Mapping[str, Any], health: Mapping[str, Any] | None) -> html.Node:
    """The links; None where the registry has none. ``health`` is the row of the batch on screen."""
    links = links_of(entry)
    ordered = [*(key for key in NAMES if key in links), *sorted(links.keys() - NAMES.keys())]
    found = [outside_link(_name(request, key), links[key]) for key in ordered if is_web(links[key])]
    if health is not None and is_web(health.get("run_url")):
        found.append(outside_link(request.t(_RUN), health["run_url"]))
    if plain_mail(entry["owner_email"]):
        words = request.t(_WRITE).format(address=entry["owner_email"])
        found.append(html.a(words, href=f"mailto:{entry['owner_email']}?subject={quote(form.name(entry['name']))}"))
    compare = request.site.pages.get("compare")
    if compare is not None and any(param.key == "left" for param in compare.params):
        found.append(html.a(request.t(_COMPARE), href=request.to("compare", left=entry["model_id"])))
    if not found:
        return None
    label = request.t(_LABEL)
    return html.nav(
        html.span(label, class_="label"), html.ul([html.li(link) for link in found]), class_="ways", aria_label=label
    )


def links_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """The registry's links by name; empty where they are no JSON object."""
    return {key: str(value) for key, value in json_object(entry["links"]).items()}


def plain_mail(address: str | None) -> bool:
    """Whether ``address`` can stand in a mailto: link as it is."""
    plain = address and address.isascii() and address.isprintable() and address.count("@") == 1 and " " not in address
    return bool(plain) and not set("?&%#") & set(address or "")


def _name(request: Request, key: str) -> str:
    return request.t(NAMES[key]) if key in NAMES else form.capital(key)
