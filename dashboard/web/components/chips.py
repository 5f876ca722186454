"""Filter chips: menus that hold links, so that every choice is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.web import html


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: its words, where it leads, and how many it would show."""

    label: str
    href: str
    selected: bool = False
    count: str | None = None


def menu(label: str, choices: Sequence[Choice], *, head: html.Node = None) -> html.Node:
    """A chip that says what is chosen, and opens to the ``choices``; ``head`` stands above them, such as a field."""
    chosen = next((choice for choice in choices if choice.selected), None)
    active = chosen is not None and chosen is not choices[0]
    return html.details(
        html.summary(
            html.span(label, class_="chip-label"),
            html.span(chosen.label if chosen else "", class_="chip-value", title=chosen.label if chosen else None),
        ),
        html.ul(
            html.li(head, class_="head") if head else None,
            [
                html.li(
                    html.a(
                        html.span(choice.label),
                        html.span(choice.count, class_="count") if choice.count else None,
                        href=choice.href,
                        aria_current="true" if choice.selected else None,
                        data_stay="true",
                    )
                )
                for choice in choices
            ],
        ),
        class_=f"chip{' active' if active else ''}",
        data_menu="true",
    )


def switch(label: str, choices: Sequence[Choice]) -> html.Node:
    """A few choices side by side, for two to five short ones; ``label`` names the group."""
    return html.div(
        [
            html.a(choice.label, href=choice.href, aria_current="true" if choice.selected else None, data_stay="true")
            for choice in choices
        ],
        class_="switch",
        role="group",
        aria_label=label,
    )
