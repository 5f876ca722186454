import pytest
from werkzeug.datastructures import LanguageAccept

from dashboard.text import Language
from dashboard.web.language import choose

FRENCH = LanguageAccept([("fr-CA", 1.0), ("en", 0.5)])
GERMAN = LanguageAccept([("de", 1.0)])
NOTHING = LanguageAccept([])


@pytest.mark.parametrize(
    ("stated", "cookie", "accepted", "default", "expected"),
    [
        ("fr", "en", NOTHING, "en", "fr"),
        (None, "fr", NOTHING, "en", "fr"),
        ("de", "xx", FRENCH, "en", "fr"),
        (None, None, GERMAN, "fr", "fr"),
        (None, None, NOTHING, "fr", "fr"),
        (None, None, LanguageAccept([("en-GB", 1), ("fr", 0.8)]), "fr", "en"),
    ],
)
def test_the_address_then_the_cookie_then_the_browser_then_the_setting(
    stated: str | None, cookie: str | None, accepted: LanguageAccept, default: Language, expected: Language
) -> None:
    assert choose(stated, cookie, accepted, default) == expected
