"""The HTML of a mail survives mail clients, in light and in dark, and its text says the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from dashboard.alerts.writing.content import Code, Content, Item, Items, Link, Paragraph, Picture, Section, State, Table
from dashboard.alerts.writing.html import html
from dashboard.alerts.writing.lights import LIGHTS, light
from dashboard.alerts.writing.plain import COLUMNS, plain
from tests.alerts.letters import EVIL
from tests.alerts.told import words

EVERYTHING = Content(
    "fr",
    "Un titre & <b>deux</b>",
    (
        Section(
            (
                Paragraph("Une phrase.", (Link("Voir", "https://vigie.example.org/?a=1&b=2"),)),
                Paragraph("Bon à savoir.", quiet=True),
                Items((Item("dit", "red", "nom", ("38 % de 2 000 lignes",), Link("ici", "http://example.org/")),)),
                Items((Item("serré", "amber", Link("lié", "mailto:a@example.org")), Item("seul")), dense=True),
                Code("WHERE a < 3\n  AND b"),
                Table(
                    ("Équipe", "Rouges", "Depuis"),
                    ((Link("Risque", "https://example.org/t"), "12", State("red")), ("Base", "0", State("green"))),
                    frozenset({1}),
                ),
                Picture("a.png", b"", 'Ce qu\'elle "montre"', "Sous elle.", 560, 210),
            ),
            "Une section",
        ),
    ),
    preheader="Avant tout",
    state="late",
    about="Modèle · Équipe",
    action=Link("Agir", "https://example.org/a"),
    footer=(Paragraph("Pourquoi vous."),),
)  # fmt: skip


class Tags(HTMLParser):
    """The elements in their order; it fails where one is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return tags


def test_nothing_runs_and_nothing_is_loaded() -> None:
    tags = parsed(html(EVERYTHING))
    assert not {tag for tag, _ in tags.seen} & {"script", "link", "iframe", "form", "object", "svg", "base", "video"}
    for tag, attributes in tags.seen:
        assert not [name for name in attributes if name.startswith("on")]
        if "src" in attributes:
            assert attributes["src"] == "cid:a.png"
        assert "url(" not in (attributes.get("style") or ""), tag
    assert not re.search(r"@import|url\(|@font-face", html(EVERYTHING))


def test_both_forms_say_everything() -> None:
    for said in (re.sub(r"\s+", " ", plain(EVERYTHING)), words(html(EVERYTHING))):
        for part in (
            *("Un titre & <b>deux</b>", "Une section", "Une phrase.", "Bon à savoir.", "■ Rouge", "nom", "dit"),
            *("38 % de 2 000 lignes", "ici", "▲ Orange", "lié", "serré", "seul", "WHERE a < 3", "Risque", "12"),
            *("○ En retard", "● Vert", "Modèle · Équipe", "Agir", "Pourquoi vous."),
        ):
            assert part in said
    links = re.findall(r'href="([^"]*)"', html(EVERYTHING).replace("&amp;", "&"))
    assert len(links) == 5
    for href in links:
        assert href in plain(EVERYTHING)


def test_a_link_leads_to_the_web_or_to_a_mailbox_or_nowhere() -> None:
    for href in (
        "javascript:alert(1)",
        "data:text/html,x",
        "",
        "/models/a",
        "https://a.example.org/\nBcc: x",
        " http://a",
    ):
        content = Content("en", "t", (Section((Paragraph("p", (Link("here", href),)),)),), action=Link("go", href))
        assert "href=" not in html(content)
        assert "here" in words(html(content))
        assert "\nBcc" not in plain(content)
        assert "javascript" not in plain(content)


def test_the_text_keeps_to_its_columns_and_links_stand_on_their_own_line() -> None:
    long = Content("en", "word " * 60, (Section((Items((Item("word " * 40, "red", "x" * 30, ("y " * 90,)),)),)),))
    for line in (plain(EVERYTHING) + plain(long)).splitlines():
        assert len(line) <= COLUMNS
    url = "https://vigie.example.org/" + "a" * 300
    linked = Content("en", "t", (Section((Paragraph("p", (Link("here", url),)),)),))
    assert url in plain(linked).splitlines()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2)."""

    def brightness(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("state", LIGHTS)
def test_a_state_can_be_read_on_its_ground_and_on_paper_in_light_and_dark(state: str) -> None:
    one = light(state)
    for dark, paper in enumerate(("#ffffff", "#161d25")):
        assert contrast(one.ink[dark], one.ground[dark]) >= 4.5
        assert contrast(one.ink[dark], paper) >= 4.5
    # The words of the figure stand on its own light ground.
    assert contrast(one.ink[0], "#f7f8fa") >= 4.5


def test_an_unknown_state_is_no_data_and_never_green() -> None:
    assert light("purple") is LIGHTS["grey"]


def dark(text: str) -> dict[str, Any]:
    (style,) = re.findall(r"<style>(.*?)</style>", text)
    return dict(re.findall(r"(?<=[{}])(?:\[data-ogs[cb]\] )?\.([\w-]+)\{([^}]*)\}", style))


def test_every_colour_that_is_inline_has_another_in_the_dark() -> None:
    text = html(EVERYTHING)
    darkened = dark(text)
    assert "prefers-color-scheme:dark" in text
    assert '<meta name="color-scheme" content="light dark">' in text
    for _, attributes in parsed(text).seen:
        style = re.sub(r"border-left:[^;]*", "", attributes.get("style") or "")
        classes = (attributes.get("class") or "").split()
        if re.search(r"(?<![\w-])color:", style):
            assert any("color:" in darkened.get(name, "") for name in classes), attributes
        if "background:" in style:
            assert any("background:" in darkened.get(name, "") for name in classes), attributes
    assert text.count("[data-ogsc]") >= 5
    assert text.count("[data-ogsb]") >= 3


@pytest.mark.parametrize("text", EVIL)
def test_no_part_of_a_message_can_begin_a_line_or_an_element(text: str) -> None:
    parts = (
        Paragraph(text, (Link(text, "https://example.org/"),)),
        Items((Item(text, text, text, (text,), Link(text, "https://example.org/")),)),
        Table((text,), ((text,), (Link(text, text),))),
        Picture("a.png", b"", text, text, 560, 210),
    )
    content = Content("en", text, (Section(parts, text),), text, "red", text, Link(text, text), (Paragraph(text),))
    assert {tag for tag, _ in parsed(html(content)).seen} <= {tag for tag, _ in parsed(html(EVERYTHING)).seen}
    for line in plain(content).splitlines():
        assert not line.startswith(("Bcc", "body", "next"))
    seen = re.sub("[\u2068\u2069\u00a0\u202f\n]", "", plain(content) + words(html(content)))
    assert seen.isprintable()
