"""A message as HTML that mail clients leave whole: inline styles, no script, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape
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
    Section,
    State,
    Table,
)
from dashboard.alerts.writing.lights import LIGHTS, light
from dashboard.alerts.writing.neutral import block, neutral
from dashboard.text import Language

WIDEST: Final = 600
"""Pixels; most clients show no more than that beside their lists."""

_SANS: Final = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO: Final = "ui-monospace,'SF Mono',Consolas,'DejaVu Sans Mono',monospace"
_INK, _SOFT, _LINE = ("#16202a", "#e8edf2"), ("#55626f", "#a5b1bd"), ("#dfe4e9", "#2c3742")
_PAPER, _GROUND, _ACCENT = ("#ffffff", "#161d25"), ("#f5f6f8", "#0f151b"), ("#1a5488", "#7db8ea")
_ON_ACCENT: Final = ("#ffffff", "#0f151b")


def html(content: Content) -> str:
    """The whole document; its pictures are named ``cid:<name>``."""
    language = content.language
    preheader = (
        '<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px">'
        f"{_text(content.preheader)}</div>"
        if content.preheader
        else ""
    )
    footer = "".join(_paragraph(one, small=True) for one in content.footer)
    return (
        f'<!doctype html>\n<html lang="{language}" dir="ltr"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">\n'
        f"<title>{_text(content.title)}</title>\n<style>{_DARK}</style></head>\n"
        f'<body class="ground" style="margin:0;padding:0;background:{_GROUND[0]}">{preheader}\n'
        f'<div class="ground" style="background:{_GROUND[0]};padding:12px 8px 24px">'
        f'<div class="paper ink" style="max-width:{WIDEST - 48}px;margin:0 auto;padding:24px 20px 28px;'
        f"background:{_PAPER[0]};color:{_INK[0]};border-radius:8px;font-family:{_SANS};font-size:16px;"
        'line-height:1.5;text-align:left;overflow-wrap:anywhere">\n'
        f"{_head(content)}{''.join(_section(one, language) for one in content.sections)}</div>\n"
        f'<div class="soft" style="max-width:{WIDEST - 48}px;margin:0 auto;padding:16px 20px 0;color:{_SOFT[0]};'
        f'font-family:{_SANS};font-size:13px;line-height:1.5;overflow-wrap:anywhere">{footer}</div></div>\n'
        "</body></html>\n"
    )


def _dark_rules() -> str:
    """The colours on dark ground: as clients ask by a query, and as Outlook's own pages mark what they darkened."""
    inks = {"ink": _INK, "soft": _SOFT, "link": _ACCENT} | {f"{name}-ink": one.ink for name, one in LIGHTS.items()}
    grounds = {"ground": _GROUND, "paper": _PAPER, "code": _GROUND}
    grounds |= {f"{name}-ground": one.ground for name, one in LIGHTS.items()}
    button = f"color:{_ON_ACCENT[1]}!important;background:{_ACCENT[1]}!important"
    query = [f".{name}{{color:{colour[1]}!important}}" for name, colour in inks.items()]
    query += [f".{name}{{background:{colour[1]}!important}}" for name, colour in grounds.items()]
    query += [f".line{{border-color:{_LINE[1]}!important}}", f".button{{{button}}}"]
    marked = [f"[data-ogsc] .{name}{{color:{colour[1]}!important}}" for name, colour in inks.items()]
    marked += [f"[data-ogsb] .{name}{{background:{colour[1]}!important}}" for name, colour in grounds.items()]
    marked += [f"[data-ogsc] .button{{{button}}}"]
    return f":root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{{''.join(query)}}}{''.join(marked)}"


_DARK: Final = _dark_rules()


def _head(content: Content) -> str:
    parts = []
    badge = _badge(content.state, content.language) if content.state else ""
    if badge or content.about:
        about = f'<span class="soft" style="color:{_SOFT[0]}">{_text(content.about)}</span>' if content.about else ""
        parts.append(f'<p style="margin:0 0 10px;font-size:14px">{" ".join(filter(None, [badge, about]))}</p>')
    parts.append(
        '<h1 style="margin:0 0 14px;font-size:21px;line-height:1.35;font-weight:650">' + f"{_text(content.title)}</h1>"
    )
    if content.action is not None and content.action.leads:
        parts.append(
            f'<p style="margin:0 0 18px"><a class="button" href="{escape(content.action.href)}" style="display:'
            f"inline-block;background:{_ACCENT[0]};color:{_ON_ACCENT[0]};padding:10px 18px;border-radius:6px;"
            f'text-decoration:none;font-weight:600">{_text(content.action.words)}</a></p>'
        )
    return "\n".join(parts)


def _section(section: Section, language: Language) -> str:
    title = (
        f'<h2 style="margin:26px 0 10px;font-size:16px;line-height:1.4;font-weight:650">{_text(section.title)}</h2>'
        if section.title
        else ""
    )
    return title + "".join(_block(one, language) for one in section.blocks) + "\n"


def _block(one: Block, language: Language) -> str:
    if isinstance(one, Paragraph):
        return _paragraph(one)
    if isinstance(one, Items):
        return "".join(_item(item, language, dense=one.dense) for item in one.items)
    if isinstance(one, Code):
        return (
            f'<pre class="code line ink" style="margin:8px 0 14px;padding:10px 12px;background:{_GROUND[0]};'
            f"border:1px solid {_LINE[0]};border-radius:6px;color:{_INK[0]};font-family:{_MONO};font-size:13px;"
            f'line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere">{escape(block(one.text))}</pre>'
        )
    return _picture(one) if isinstance(one, Picture) else _table(one, language)


def _paragraph(one: Paragraph, *, small: bool = False) -> str:
    quiet = one.quiet and not small
    looks = f' class="soft" style="margin:0 0 12px;color:{_SOFT[0]};font-size:14px"' if quiet else _GAP
    links = " \u00b7 ".join(_anchor(link) for link in one.links)
    return f"<p{looks}>{' '.join(filter(None, [_text(one.words), links]))}</p>"


_LINED: Final = ' class="line"'
_GAP: Final = ' style="margin:0 0 12px"'


def _item(one: Item, language: Language, *, dense: bool) -> str:
    name = _anchor(one.name, strong=True) if isinstance(one.name, Link) else f"<strong>{_text(one.name)}</strong>"
    state = _badge(one.state, language, bare=True) if one.state else ""
    head = " ".join(filter(None, [state, name if one.name else ""]))
    said = f'<div style="margin:2px 0 0">{_text(one.words)}</div>' if one.words else ""
    details = "".join(
        f'<div class="soft" style="margin:2px 0 0;color:{_SOFT[0]};font-size:14px">{_text(detail)}</div>'
        for detail in one.details
    )
    link = f'<div style="margin:4px 0 0">{_anchor(one.link)}</div>' if one.link is not None else ""
    line = light(one.state).line if one.state else _LINE[0]
    gap = "8px" if dense else "14px"
    size = "font-size:15px;" if dense else ""
    return (
        f'<div{"" if one.state else _LINED} style="margin:0 0 {gap};padding:2px 0 2px 12px;'
        f'border-left:3px solid {line};{size}">'
        f"{f'<div>{head}</div>' if head else ''}{said}{details}{link}</div>"
    )


def _picture(one: Picture) -> str:
    caption = f'<div class="soft" style="color:{_SOFT[0]};font-size:13px;line-height:1.45">{_text(one.caption)}</div>'
    return (
        f'<div style="margin:6px 0 18px"><img src="cid:{escape(one.name)}" alt="{_text(one.alt)}" width="{one.width}" '
        f'style="display:block;width:100%;max-width:{one.width}px;height:auto;border:0;border-radius:6px;'
        f'margin:0 0 6px">{caption}</div>'
    )


def _table(one: Table, language: Language) -> str:
    def looks(place: int) -> str:
        side = "right" if place in one.numeric else "left"
        edge = "0" if place == 0 else "8px"
        return f"padding:6px 0 6px {edge};border-bottom:1px solid {_LINE[0]};text-align:{side};vertical-align:top"

    heads = "".join(
        f'<th class="soft line" scope="col" style="{looks(place)};color:{_SOFT[0]};font-weight:600;font-size:13px">'
        f"{_text(head)}</th>"
        for place, head in enumerate(one.heads)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="line" style="{looks(place)}">{_cell(cell, language)}</td>' for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in one.rows
    )
    return (
        '<table style="border-collapse:collapse;width:100%;margin:0 0 14px;font-size:14px;line-height:1.4">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, State):
        return _badge(cell.colour, language, bare=True)
    return _anchor(cell) if isinstance(cell, Link) else _text(cell)


def _badge(state: str, language: Language, *, bare: bool = False) -> str:
    one = light(state)
    name = next((key for key, value in LIGHTS.items() if value is one), "grey")
    words = f'<span aria-hidden="true">{one.glyph}</span>&nbsp;{_text(one.word[language])}'
    ground = "" if bare else f"background:{one.ground[0]};padding:3px 9px;border-radius:4px;"
    classes = f"{name}-ink" if bare else f"{name}-ink {name}-ground"
    return (
        f'<span class="{classes}" style="{ground}color:{one.ink[0]};font-weight:600;white-space:nowrap">{words}</span>'
    )


def _anchor(link: Link, *, strong: bool = False) -> str:
    if not link.leads:
        return _text(link.words)
    weight = ";font-weight:600" if strong else ""
    return f'<a class="link" href="{escape(link.href)}" style="color:{_ACCENT[0]}{weight}">{_text(link.words)}</a>'


def _text(text: str) -> str:
    return escape(neutral(text))
