"""A message as plain text: everything that the HTML says, in lines of 78 columns, links in full."""

from __future__ import annotations

import textwrap
from typing import Final

from dashboard.alerts.writing.content import (
    Block,
    Cell,
    Code,
    Content,
    Item,
    Items,
    Link,
    Paragraph,
    Picture,
    State,
    Table,
)
from dashboard.alerts.writing.lights import light
from dashboard.alerts.writing.neutral import block, neutral
from dashboard.format import WIDE
from dashboard.text import Language

COLUMNS: Final = 78
_WIDEST_CELL: Final = 34


def plain(content: Content) -> str:
    """The text, which ends with a newline."""
    language = content.language
    above = " · ".join(filter(None, [_state(content.state, language), neutral(content.about)]))
    parts = [above, _wrapped(content.title)]
    if content.action is not None and content.action.leads:
        parts.append(_link(content.action, language))
    for section in content.sections:
        written = [_block(one, language) for one in section.blocks]
        if section.title:
            title = neutral(section.title)
            parts.append("\n".join([title, "-" * min(len(title), COLUMNS)]))
        parts += written
    if content.footer:
        parts.append("-- ")
        parts += [_paragraph(one, language) for one in content.footer]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(one: Block, language: Language) -> str:
    if isinstance(one, Paragraph):
        return _paragraph(one, language)
    if isinstance(one, Items):
        return ("\n" if one.dense else "\n\n").join(_item(item, language) for item in one.items)
    if isinstance(one, Code):
        return textwrap.indent(block(one.text), "    ")
    if isinstance(one, Picture):
        # A picture is what text has no place for; its message stays.
        return _wrapped(one.alt)
    return _table(one, language)


def _paragraph(one: Paragraph, language: Language) -> str:
    links = [_link(link, language) for link in one.links if link.leads]
    return "\n".join([*([_wrapped(one.words)] if one.words else []), *links])


def _item(one: Item, language: Language) -> str:
    name = one.name.words if isinstance(one.name, Link) else one.name
    said = _colon(language).join(neutral(words) for words in (name, one.words) if words)
    state = _state(one.state, language)
    lines = [_wrapped(f"{state}  {said}" if state else said, first="* ", rest="  ")]
    lines += [_wrapped(detail, first="  ", rest="  ") for detail in one.details]
    for link in (one.name, one.link):
        if isinstance(link, Link) and link.leads:
            words = _link(link, language, named=link is one.link)
            lines.append(textwrap.indent(words, "  "))
    return "\n".join(lines)


def _table(one: Table, language: Language) -> str:
    """The columns side by side; what a row's cells lead to stands below it."""
    rows = [[_cell(cell, language) for cell in row] for row in one.rows]
    widths = [max(map(len, column)) for column in zip([neutral(head) for head in one.heads], *rows, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [
            cell.rjust(width) if place in one.numeric else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    lines = [line([neutral(head) for head in one.heads]), "  ".join("-" * width for width in widths)]
    for row, cells in zip(one.rows, rows, strict=True):
        lines.append(line(cells))
        lines += [f"  {cell.href}" for cell in row if isinstance(cell, Link) and cell.leads]
    return "\n".join(lines)


def _cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, State):
        return _state(cell.colour, language)
    return textwrap.shorten(neutral(cell.words if isinstance(cell, Link) else cell), _WIDEST_CELL, placeholder="…")


def _link(link: Link, language: Language, *, named: bool = True) -> str:
    words = neutral(link.words) if named else ""
    return f"{words}{_colon(language).rstrip(' ')}\n{link.href}" if words else link.href


def _colon(language: Language) -> str:
    return f"{WIDE}: " if language == "fr" else ": "


def _state(state: str, language: Language) -> str:
    return f"{light(state).glyph} {light(state).word[language]}" if state else ""


def _wrapped(text: str, *, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        neutral(text),
        COLUMNS,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
