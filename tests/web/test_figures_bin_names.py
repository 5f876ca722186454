import pytest

from dashboard.text import Language
from dashboard.web.figures.bin_names import bin_names, range_names
from dashboard.web.figures.label import distinct, plain, shorten


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], ["any value"]),
        ([0.5, 1.5, 3.5], ["≤ 0", "1", "2–3", "≥ 4"]),
        ([12.34, 24.1], ["≤ 12", "12–24", "> 24"]),
        ([0.1234, 0.1241], ["≤ 0.1234", "0.1234–0.1241", "> 0.1241"]),
        ([-3.25, 4.0], ["≤ −3.2", "−3.2 to 4", "> 4"]),
        ([1_250.25, 98_400.25], ["≤ 1,300", "1,300–98,000", "> 98,000"]),
        ([2.5e6, 4.5e9], ["≤ 2.5M", "2.5M–4.5G", "> 4.5G"]),
        ([1e-8, 3e-8], ["≤ 1e-08", "1e-08–3e-08", "> 3e-08"]),
    ],
)
def test_ranges_have_the_fewest_digits_that_tell_them_apart(edges: list[float], expected: list[str]) -> None:
    assert range_names(edges, language="en") == expected


def test_ranges_in_french() -> None:
    assert range_names([-3.25, 1_234.5, 98_400.0], language="fr")[0] == "≤ −3,2"
    assert range_names([-3.25, 4.0], language="fr")[1] == "−3,2 à 4"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_there_is_one_name_for_each_count(language: Language) -> None:
    assert len(bin_names(kind="numeric", edges=[1.0, 2.0, 3.0], levels=[], language=language)) == 5
    names = bin_names(kind="categorical", edges=[], levels=["Apple", " ", "(missing)"], language=language)
    assert len(names) == 6
    assert names[0] == "Apple"
    assert names[1].startswith("(")


def test_labels_show_what_they_hold_as_it_is() -> None:
    assert plain("<b>a</b> & c") == "&lt;b&gt;a&lt;/b&gt; &amp; c"
    assert plain("a\n\u202eb") == "a b"
    assert shorten("abcdefgh", 5) == "abcd…"
    assert shorten("abcde", 5) == "abcde"


def test_labels_that_look_the_same_stay_different() -> None:
    made = distinct(["a", "b", "a", "a"])
    assert len(set(made)) == 4
    assert [label.replace("\u200b", "") for label in made] == ["a", "b", "a", "a"]
