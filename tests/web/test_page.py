import pytest

from dashboard.text import Text
from dashboard.web.page import Page, Request, Site
from dashboard.web.param import choice, whole, words
from dashboard.web.reader import Reading
from dashboard.web.router import Route, Router
from qod.errors import UnknownNameError, VigieError

TITLE = Text("x", "x")
FLEET = Page("fleet", "/", TITLE, params=(words("team"), whole("page", default=1)))
VARIABLE = Page(
    "variable",
    "/models/<model_id>/inputs/<variable>",
    TITLE,
    params=(choice("show", ("counts", "rows"), default="rows"),),
)
NEW = Page("new", "/models/new/inputs/<variable>", TITLE)
PAGES = {page.key: page for page in (FLEET, VARIABLE, NEW)}


def request(about: Page, base: str = "/", keeps_language: bool = False, **params: object) -> Request:
    declared = {param.key: params.get(param.key, param.default) for param in about.params}
    args = {"model_id": "a/b", "variable": ".."}
    reading = Reading(None)  # type: ignore[arg-type]  # no test here reads anything
    site = Site(PAGES, base=base)
    return Request(about, site, reading, "fr", args, declared, keeps_language=keeps_language)


def test_addresses_hold_what_differs_from_the_defaults() -> None:
    asked = request(FLEET, team="A & B", page=3)
    assert asked.link() == "/?team=A%20%26%20B&page=3"
    assert asked.link(page=None) == "/?team=A%20%26%20B"
    assert asked.link(team=None, page=1) == "/"
    assert asked.to("variable", model_id="a/b", variable="x", show="rows") == "/models/a%2Fb/inputs/x"
    assert asked.to("variable", model_id="a", variable="x", show="counts") == "/models/a/inputs/x?show=counts"
    assert request(VARIABLE).link(show="counts") == "/models/a%2Fb/inputs/~..?show=counts"
    assert asked.to("fleet", fragment="a b") == "/#a%20b"


def test_what_is_said_about_a_batch_is_not_said_about_another() -> None:
    page = Page("p", "/p", TITLE, params=(words("batch"), words("mode"), words("finding", with_=("batch",))))
    asked = Request(page, Site({"p": page}), Reading(None), args={}, params={"batch": "b", "mode": "", "finding": "f"})  # type: ignore[arg-type]
    assert asked.link() == "/p?batch=b&finding=f"
    assert asked.link(mode="x", fragment="here") == "/p?batch=b&mode=x&finding=f#here"
    assert asked.link(batch="c") == "/p?batch=c"
    assert asked.link(batch="c", finding="g") == "/p?batch=c&finding=g"


def test_a_language_that_the_address_states_goes_along() -> None:
    asked = request(FLEET, keeps_language=True)
    assert asked.link(page=2) == "/?page=2&lang=fr"
    assert asked.to("new", variable="x") == "/models/new/inputs/x?lang=fr"


def test_addresses_begin_where_the_application_is_mounted() -> None:
    asked = request(FLEET, base="/vigie/")
    assert asked.link() == "/vigie/"
    assert asked.to("new", variable="x") == "/vigie/models/new/inputs/x"
    routes = {page.key: Route(page, lambda _: []) for page in PAGES.values()}
    found = Router(routes, "/vigie/").find("/vigie/models/m/inputs/x")
    assert found is not None
    assert found.route.page is VARIABLE
    assert Router(routes, "/vigie/").find("/models/m/inputs/x") is None


def test_a_mistaken_page_or_parameter_is_the_programmers_error() -> None:
    with pytest.raises(UnknownNameError):
        request(FLEET).link(pag=2)
    with pytest.raises(UnknownNameError):
        request(FLEET).to("flet")
    with pytest.raises(KeyError):
        request(FLEET).to("variable", model_id="a")
    with pytest.raises(VigieError, match="team is declared twice"):
        Page("x", "/<team>", TITLE, params=(words("team"),))


ROUTER = Router({page.key: Route(page, lambda _: []) for page in PAGES.values()})


def test_a_path_is_split_before_it_is_decoded() -> None:
    found = ROUTER.find("/models/a%2Fb/inputs/%3Cx%3E%20..%2F")
    assert found is not None
    assert found.args == {"model_id": "a/b", "variable": "<x> ../"}
    assert ROUTER.find("/models/a/b/inputs/x") is None
    assert ROUTER.find("/models/a") is None


def test_identity_comes_from_the_path_only_and_unknown_keys_do_nothing() -> None:
    found = ROUTER.find("/models/churn/inputs/x", "?model_id=fraud&show=nonsense&z=1")
    assert found is not None
    assert found.args["model_id"] == "churn"
    assert found.params == {"show": "rows"}
    plain = ROUTER.find("/models/churn/inputs/x")
    assert plain is not None
    assert found.key == plain.key


def test_a_fixed_part_wins_over_a_variable_one() -> None:
    found = ROUTER.find("/models/new/inputs/x")
    assert found is not None
    assert found.route.page is NEW


def test_an_end_slash_and_no_path_at_all_lead_somewhere() -> None:
    for path in (None, "", "/"):
        found = ROUTER.find(path)
        assert found is not None
        assert found.route.page is FLEET
    assert ROUTER.find("/models/m/inputs/x/") is not None
