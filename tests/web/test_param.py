from datetime import date

import pytest

from dashboard.web.param import Param, choice, day, flag, whole, words
from qod.errors import VigieError

SORT = choice("sort", ("psi", "-psi"), default="psi")


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (SORT, "-psi", "-psi"),
        (SORT, "drop table", "psi"),
        (whole("page", default=1, least=1, most=99), "7", 7),
        (whole("page", default=1, least=1, most=99), "0", 1),
        (whole("page", default=1, least=1, most=99), "100", 1),
        (whole("page", default=1, least=1), "٣", 1),
        (whole("page", default=1, least=1), "9" * 5000, 1),
        (words("team"), "Base care", "Base care"),
        (words("team", longest=5), "Base care", ""),
        (day("on"), "2026-02-28", date(2026, 2, 28)),
        (day("on"), "2026-02-30", None),
        (day("on"), "20260228", None),
        (flag("all"), "1", True),
        (flag("all"), "yes", False),
    ],
)
def test_a_bad_value_is_the_default(param: Param, text: str, value: object) -> None:
    assert param.value(text) == value


def test_a_value_is_read_back_from_how_it_is_written() -> None:
    for param, value in ((SORT, "-psi"), (whole("n", default=0), 12), (day("on"), date(2026, 1, 2)), (flag("x"), True)):
        assert param.value(param.write(value)) == value


def test_a_page_cannot_take_the_language_for_itself() -> None:
    with pytest.raises(VigieError, match="language of every page"):
        words("lang")


def test_a_default_that_is_no_option_is_refused() -> None:
    with pytest.raises(VigieError, match="not among its options"):
        choice("sort", ("a",), default="b")
