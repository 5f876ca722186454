"""Nodes as HTML: text is text, controls are gone, links lead somewhere or are words."""

from html.parser import HTMLParser
from typing import Any

from dashboard.report.links import Links, place_of
from dashboard.report.markup import Writer
from dashboard.report.whole import whole
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.components.download import download
from dashboard.web.components.pager import pager
from dashboard.web.components.svg import picture
from dashboard.web.components.table import Column, table
from dashboard.web.page import Page, Request, Site
from dashboard.web.param import whole as whole_number
from dashboard.web.router import Found, Route, Router

PAGES = {
    "fleet": Page("fleet", "/", Text("Fleet", "Flotte"), params=(whole_number("page", default=1),)),
    "model": Page("model", "/models/<model_id>", Text("Model", "Modèle"), params=(whole_number("page", default=1),)),
}
ROUTES = {key: Route(page, lambda request: []) for key, page in PAGES.items()}
ROUTER = Router(ROUTES)


def found(path: str) -> Found:
    got = ROUTER.find(*path.split("?"))
    assert got
    return got


def written(node: html.Node, *, base_url: str = "", instead: dict[str, str] | None = None) -> str:
    parts = {place_of(found("/")): "p1", place_of(found("/models/churn")): "p2"}
    links = Links(ROUTER, parts, {"p1-batches", "p2-batches"}, "p1", found("/"), base_url)
    return Writer(links, lambda figure, alt, key: f"<svg>{alt}</svg>", "p1", instead or {}).html(node)


class Seen(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_text_and_attributes_cannot_become_markup() -> None:
    name = '"><script>alert(1)</script>\x00\u202e'
    seen = Seen(written(html.p(html.b(name, title=name, class_=name), name)))
    assert [tag for tag, _ in seen.tags] == ["p", "b"]
    assert seen.words == 2 * name.replace("\x00", "\ufffd")
    assert seen.tags[1][1]["title"] == name.replace("\x00", "\ufffd")


def test_attributes_have_their_own_names_again_and_anchors_the_parts_prefix() -> None:
    cell = html.td("x", colspan="2", class_="number", aria_label="one", data_cell="true", id="batches", tabindex="0")
    assert written(cell) == '<td colspan="2" class="number" aria-label="one" id="p1-batches" tabindex="0">x</td>'
    assert written(html.p("a", html.br(), "b")) == "<p>a<br>b</p>"
    assert written(html.time("now", datetime="2026-11-19")) == '<time datetime="2026-11-19">now</time>'
    assert (
        written(html.div(style={"maxWidth": "20px", "background": "url(http://x)"}))
        == '<div style="max-width:20px"></div>'
    )


def test_what_runs_or_asks_is_left_out() -> None:
    script = {"type": "Script", "namespace": "dash_html_components", "props": {"children": "alert(1)"}}
    frame = {"type": "Iframe", "namespace": "dash_html_components", "props": {"src": "https://x.example"}}
    nodes = [
        script,
        frame,
        html.button("Act"),
        html.form(html.p("f")),
        html.img(src="https://x.example/a.png", alt="a"),
    ]
    assert written([*nodes, html.p("kept", onClick="alert(1)")]) == "<p>kept</p>"
    inside = written(picture("<path d='M0 0'/>", width=3, height=4, alt="Two red", class_="strip"))
    assert 'src="data:image/svg+xml,' in inside
    assert inside.count("Two red") == 1


def test_controls_are_left_out_and_details_stand_open() -> None:
    request = Request(PAGES["fleet"], Site(PAGES), None, params={"page": 1})  # type: ignore[arg-type]
    tools = html.div(download(request, "models", lambda: None), class_="tools")  # type: ignore[arg-type,return-value]
    assert written(
        [tools, html.p("only here", data_screen_only="true"), html.details(html.summary("More"), "all")]
    ) == ("<details open><summary>More</summary>all</details>")


def test_a_heading_that_sorts_keeps_its_words_and_other_links_that_change_the_page_are_gone() -> None:
    heads = [Column("State", sort="state"), Column("Model")]
    rows = table(heads, [["red", "churn"]], caption="Models", link=lambda value: f"/?sort={value}")
    made = written([rows, html.p(html.a("Show all", href="/?all=1", data_stay="true"))])
    assert '<th scope="col">State</th>' in made
    assert "Show all" not in made


def test_a_card_that_held_controls_alone_is_gone_and_its_figure_keeps_another() -> None:
    def card(inside: html.Node) -> html.Node:
        return html.section(html.div(html.h2("Title"), class_="card-head"), inside, class_="card")

    assert written(card(html.div(html.button("Act"), class_="box"))) == ""
    drawing = picture("<path d='M0 0'/>", width=3, height=4, alt="Two red", class_="strip")
    assert "Title" in written(card(html.div(drawing)))
    assert "Title" in written(card(html.p("words")))


def test_links_lead_to_the_pages_where_their_address_is_known() -> None:
    node = [html.a("a", href="/models/churn?page=2"), html.a("b", href="/nowhere"), html.a("c", href="javascript:x")]
    assert written(node, base_url="https://v.example/vigie/") == (
        '<a href="https://v.example/vigie/models/churn?page=2" rel="noopener noreferrer">a</a>'
        "<span>b</span><span>c</span>"
    )


def test_links_lead_to_other_parts_else_and_are_words_where_there_is_none() -> None:
    assert written(html.a("x", href="/models/churn", class_="term name")) == '<a class="term name" href="#p2">x</a>'
    assert written(html.a("x", href="/models/churn#batches")) == '<a href="#p2-batches">x</a>'
    assert written(html.a("x", href="/models/fraud", class_="term name")) == '<span class="name">x</span>'
    assert written(html.a("x", href="/?page=2", aria_label="second page")) == "<span>x</span>"
    assert written(html.a("x", href="#batches")) == '<a href="#p1-batches">x</a>'
    assert written(html.a("x", href="#gone")) == "<span>x</span>"
    assert written(html.a("x", href="mailto:a@example.org")) == '<a href="mailto:a@example.org">x</a>'
    assert 'href="https://git.example.org/a?b"' in written(html.a("x", href="https://git.example.org/a?b"))
    assert written(html.a("x", href="//evil.example")) == "<span>x</span>"
    assert written(html.a("x", href="data:text/html,x")) == "<span>x</span>"


def test_headings_stand_one_level_lower_and_the_reports_own_is_not_repeated() -> None:
    nodes = [html.h1("Churn"), html.h2("Why"), html.h1("tenure")]
    assert written(nodes, instead={"Churn": "Inputs"}) == "<h2>Inputs</h2><h3>Why</h3><h2>tenure</h2>"


def test_a_figure_is_drawn_with_its_message_said_once() -> None:
    from dash import dcc

    node = html.figure(
        html.figcaption("It moved.", class_="unseen"),
        html.div(dcc.Graph(id="chart-x", figure={}), class_="chart-plot"),
        aria_label="It moved.",
        class_="chart",
    )
    assert written(node) == '<figure class="chart"><div class="chart-plot"><svg>It moved.</svg></div></figure>'


def test_all_screens_of_a_table_are_joined_and_other_tables_stay() -> None:
    drawn: list[Any] = []

    def draw(address: Found) -> list[html.Node]:
        page = address.params["page"]
        drawn.append(page)
        request = Request(PAGES["fleet"], Site(PAGES), None, params=address.params)  # type: ignore[arg-type]
        numbers = [[str(number)] for number in range(2 * page - 1, min(2 * page, 5) + 1)]
        return html.flat(
            table([Column("n")], [["same"]], caption="other"),
            table([Column("n")], numbers, caption="numbers"),
            pager(request, page=page, total=5, size=2, link=lambda number: request.link(page=number)),
        )

    seen = Seen(written(whole(found("/"), ROUTER, draw)))
    assert drawn == [1, 2, 3]
    assert seen.words == "othernsamenumbersn12345"
