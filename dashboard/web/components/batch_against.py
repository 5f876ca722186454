"""The cards of one batch against training: which batch, its distribution, what moved, and how far in each measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard import format as form
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components import chips
from dashboard.web.components.batch_choice import batch_choice, batch_words
from dashboard.web.components.batch_figure import batch_figure
from dashboard.web.components.distance_table import TRAINING, distance_table
from dashboard.web.components.download import download
from dashboard.web.components.moved_table import moved_data, moved_table
from dashboard.web.components.variable_over_time import Rows
from dashboard.web.figures.bin_names import bin_names
from dashboard.web.page import Request
from dashboard.web.views.distances import Distance, distances
from dashboard.web.views.variable import folded_counts, moved, shares
from dashboard.web.views.variable_on_screen import OnScreen

_POOLED: Final = Text(
    "{rows} rows are too few by themselves: the newest {n} batches are judged together.",
    "{rows} lignes, c\u2019est trop peu\u00a0: les {n} derniers lots sont jugés ensemble.",
)
_WINDOW: Final = Text(
    "Judged in windows of {days} days: {n} batches together.",
    "Jugé par fenêtres de {days} jours\u00a0: {n} lots ensemble.",
)
_WEEKDAY: Final = Text(
    "Its colour compares it with the training rows of the same weekday, the figure with all of them.",
    "Sa couleur le compare aux lignes d\u2019apprentissage du même jour de semaine, la figure à toutes.",
)


_ORDER: Final = Text("Bins", "Classes")
_DEFINED, _BY_CHANGE = Text("as defined", "ordre d\u2019origine"), Text("by change", "par écart")
_MOVED: Final = Text("What moved", "Ce qui a bougé")
_ALONE: Final = Text(
    "Of the batches by themselves, not of those judged together.",
    "Des lots seuls, non de ceux jugés ensemble.",
)


def names_of_bins(request: Request, reference: Mapping[str, Any]) -> list[str]:
    """What the variable's bins are called, in the order of its counts; ``reference`` is a row of reference_variable."""
    return bin_names(
        kind=reference["kind"], edges=reference["edges"], levels=reference["levels"], language=request.language
    )


def order_switch(request: Request) -> html.Node:
    """In which order the bins of the figures stand."""
    by_change = request.params["order"] == "change"
    choices = [
        chips.Choice(request.t(_DEFINED), request.link(order=None), not by_change),
        chips.Choice(request.t(_BY_CHANGE), request.link(order="change"), by_change),
    ]
    return html.div(html.span(request.t(_ORDER), class_="switch-label"), chips.switch(request.t(_ORDER), choices),
                    class_="labelled")  # fmt: skip


def batch_against(request: Request, on: OnScreen, rows: Rows) -> Sequence[html.Node]:
    """The chooser, the figure, and the bins by their part of the PSI; small batches as they are judged, together."""
    history, place, against, policy = on.history, on.place, on.against, on.policy
    assert place is not None
    counts, together = history.judged(place, policy)
    second = history.counts[against] if against is not None else None
    day = batch_words(request, history.batches[place])
    other = batch_words(request, history.batches[against]) if against is not None else None
    own = int(history.counts[place].sum())
    note = request.t(_WINDOW if policy.drift_window_days else _POOLED).format(
        rows=form.count(own, request.language),
        n=form.count(together, request.language),
        days=form.count(policy.drift_window_days, request.language),
    )
    found, names = moved(history.training, counts, second), names_of_bins(request, history.reference)
    return [
        batch_choice(request, history.batches, place, against),
        html.p(note, class_="calm") if together > 1 else None,
        html.p(request.t(_WEEKDAY), class_="calm") if policy.drift_reference == "weekday" else None,
        order_switch(request),
        batch_figure(
            request,
            rows.labels,
            shares(folded_counts(history.training, rows.bins)).tolist(),
            shares(folded_counts(counts, rows.bins)).tolist(),
            shares(folded_counts(second, rows.bins)).tolist() if second is not None else None,
            numeric=history.reference["kind"] == "numeric" and not rows.by_change,
            days=(day, other),
        ),
        html.h3(
            request.t(_MOVED),
            download(request, "bins", lambda: moved_data(request, found, names, batch=day, second=other)),
            class_="with-file",
        )
        if found
        else None,
        moved_table(request, found, names, batch=day, second=other) if found else None,
    ]


def distances_of(request: Request, on: OnScreen) -> tuple[dict[str, list[Distance]], list[tuple[str, str]]]:
    """The distances of the batch on screen (and of the one beside it), with the words for each pair."""
    history, places = on.history, [place for place in (on.place, on.against) if place is not None]
    words = [batch_words(request, history.batches[place]) for place in places]
    counted = [history.summaries[place] for place in places]
    pairs: list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]
    pairs = [(history.reference, row) for row in counted]
    named = [(word, request.t(TRAINING)) for word in words]
    if len(places) == 2:
        pairs.append((counted[1], counted[0]))
        named.append((words[0], words[1]))
    return distances(history.reference, pairs), named


def distance_card(request: Request, on: OnScreen) -> Sequence[html.Node]:
    """The table of distances, and what to know of it."""
    assert on.place is not None
    found, pairs = distances_of(request, on)
    together = on.history.judged(on.place, on.policy)[1]
    return [
        html.p(request.t(_ALONE), class_="calm") if together > 1 else None,
        distance_table(request, found, pairs),
    ]
