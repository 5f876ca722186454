"""Names in a sentence: which are named, and what stands between them."""

from __future__ import annotations

import pytest

from dashboard.judging.enumeration import enumerated
from dashboard.text import Text


@pytest.mark.parametrize(
    ("names", "english", "french"),
    [
        ((), "–", "–"),
        (("a",), "a", "a"),
        (("a, b", "c"), "a, b and c", "a, b et c"),
        (("a", "b", "c"), "a, b and c", "a, b et c"),
        (("a, b", "c, d", "e"), "a, b; c, d; and e", "a, b\u202f; c, d\u202f; et e"),
        (("a", "b", "c", "d"), "a, b and 2 more", "a, b et 2 autres"),
        (("a, x", "b", "c", "d"), "a, x; b; and 2 more", "a, x\u202f; b\u202f; et 2 autres"),
    ],
)
def test_names_are_told_apart_also_where_one_has_a_comma(names: tuple[str, ...], english: str, french: str) -> None:
    assert enumerated([Text(name, name) for name in names]) == Text(english, french)
