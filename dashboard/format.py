"""Numbers, dates and names as a reader of either language writes them."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Final

from dashboard.text import Language

NARROW: Final = "\u202f"
"""The narrow no-break space: thousands, and before ; ! ? % in French."""
WIDE: Final = "\u00a0"
"""The no-break space: before a colon and inside quotation marks in French, before % in English."""

MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
SHORT_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}


def decimal(value: float | None, language: Language, *, digits: int) -> str:
    """``value`` with exactly ``digits`` decimals and grouped thousands; an en dash when there is none."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    text = f"{abs(value):,.{digits}f}"
    minus = "\u2212" if value < 0 and float(text.replace(",", "")) else ""
    if language == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return minus + text


def count(value: float | None, language: Language) -> str:
    """A number of rows: ``2,114``, in French ``2 114``."""
    return decimal(value, language, digits=0)


def index(value: float | None, language: Language, *, digits: int = 2) -> str:
    """A PSI, an AUC: two decimals, English without the leading zero: ``.17``, ``1.73``; in French ``0,17``.

    A value that two decimals would show as zero gets a third, or ``< .001``.
    """
    if value is None or not math.isfinite(value):
        return "\u2013"
    if value == 0:
        return "0"
    if abs(value) < 0.5 * 10**-digits:
        digits += 1
        if abs(value) < 0.5 * 10**-digits:
            return f"<{WIDE}{index(10**-digits, language, digits=digits)}"
    text = decimal(value, language, digits=digits)
    return re.sub(r"^(\u2212?)0\.", r"\1.", text) if language == "en" else text


def quantity(value: float | None, language: Language) -> str:
    """A number in the outcome's own unit, to three significant digits: ``12.3``, ``4,210``."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    digits = 0 if value == 0 else min(max(2 - math.floor(math.log10(abs(value))), 0), 9)
    return decimal(value, language, digits=digits)


def share(value: float | None, language: Language) -> str:
    """A share 0..1 in per cent: ``38 %``, ``0.2 %``, never rounded to 0 or to 100 when it is neither."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    space = NARROW if language == "fr" else WIDE
    percent = value * 100
    if 0 < percent < 0.05:
        return f"<{WIDE}{decimal(0.1, language, digits=1)}{space}%"
    if 99.95 <= percent < 100:
        return f">{WIDE}{decimal(99.9, language, digits=1)}{space}%"
    whole = percent in (0, 100) or (9.95 <= abs(percent) < 99)
    return f"{decimal(percent, language, digits=0 if whole else 1)}{space}%"


_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def chance(value: float | None, language: Language) -> str:
    """A probability: ``.42``, ``.003``, and below a thousandth ``3 × 10⁻⁸``; an en dash when there is none."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    if value >= 0.0995:
        return index(value, language)
    if value >= 0.000995:
        return index(value, language, digits=3)
    if value < 1e-300:
        return f"<{WIDE}10{'-300'.translate(_SUPERSCRIPTS)}"
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}{WIDE}\u00d7{WIDE}10{str(int(power)).translate(_SUPERSCRIPTS)}"


def of_chance(value: float | None, language: Language) -> str:
    """A probability after its noun: ``.42``, ``below 1 × 10⁻³⁰⁰``; in French ``de 0,42``, ``inférieure à 10⁻³⁰⁰``."""
    text = chance(value, language)
    if not text.startswith("<"):
        return f"de {text}" if language == "fr" else text
    power = text.removeprefix(f"<{WIDE}")
    return f"inférieure à {power}" if language == "fr" else f"below 1{WIDE}\u00d7{WIDE}{power}"


def exact(value: float | None, language: Language) -> str:
    """A number to calculate with, to four significant digits: ``.7143``, ``12.34``; an en dash when there is none."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    digits = 0 if value == 0 else min(max(3 - math.floor(math.log10(abs(value))), 0), 12)
    text = decimal(value, language, digits=digits)
    return re.sub(r"^(\u2212?)0\.", r"\1.", text) if language == "en" else text


def points(value: float | None, language: Language) -> str:
    """A difference of two shares in percentage points: ``4 points``, ``1 point``; in French ``1,3 point``."""
    if value is None or not math.isfinite(value):
        return "\u2013"
    number = decimal(value * 100, language, digits=1).removesuffix(",0" if language == "fr" else ".0")
    single = abs(round(value * 100, 1)) < 2 if language == "fr" else number == "1"
    return f"{number}{WIDE}point{'' if single else 's'}"


def edge(value: float | None, language: Language) -> str:
    """The end of a range of values, without zeros that say nothing: ``8``, ``0.25``, ``18,402``."""
    text = quantity(value, language)
    mark = "," if language == "fr" else "."
    return text.rstrip("0").rstrip(mark) if mark in text else text


def threshold(value: float | None, language: Language) -> str:
    """A threshold with the digits it has, three at most: ``.05``, ``.70``, ``2.33``, ``3``; in French ``0,05``."""
    if value is not None and abs(value) < 1 and value == round(value, 2):
        return index(value, language)
    text = edge(value, language)
    return text.removeprefix("0") if language == "en" and text.startswith("0.") else text


def day(value: date, language: Language, *, near: date | None = None) -> str:
    """A date in words, ``19 November``; with its year when it is not the year of ``near``."""
    number = "1er" if language == "fr" and value.day == 1 else str(value.day)
    text = f"{number}{WIDE}{MONTHS[language][value.month - 1]}"
    return text if near is not None and near.year == value.year else f"{text} {value.year}"


def short_day(value: date, language: Language, *, near: date | None = None) -> str:
    """A date for a table or an axis, ``19 Nov``; with its year when it is not the year of ``near``."""
    text = f"{value.day}{WIDE}{SHORT_MONTHS[language][value.month - 1]}"
    return text if near is None or near.year == value.year else f"{text}{WIDE}{value.year}"


def period(cohort_id: str, first_day: date, language: Language, *, near: date | None = None) -> str:
    """A cohort in words: ``October``, ``week 41``, or, for one batch, ``the batch of 3 November``."""
    same_year = near is not None and near.year == first_day.year
    if cohort_id.startswith("month:"):
        month = MONTHS[language][first_day.month - 1]
        return month if same_year else f"{month} {first_day.year}"
    if cohort_id.startswith("week:"):
        year, week, _ = first_day.isocalendar()
        word = "la semaine" if language == "fr" else "week"
        same_year = near is not None and near.isocalendar()[0] == year
        return f"{word} {week}" if same_year else f"{word} {week} {'de' if language == 'fr' else 'of'} {year}"
    if language == "fr":
        return f"le lot du {day(first_day, 'fr', near=near)}"
    return f"the batch of {day(first_day, 'en', near=near)}"


def of(words: str, language: Language) -> str:
    """``words`` as a complement: ``of October``; in French ``d'octobre``, ``du lot ...``, ``de mars``."""
    if language == "en":
        return f"of {words}"
    if words.startswith("le "):
        return f"du {words[3:]}"
    return f"d\u2019{words}" if words[:1].lower() in "aeiouyéèêâàîôûh" else f"de {words}"


def capital(words: str) -> str:
    """``words`` with a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def duration(days: int, language: Language) -> str:
    """A number of days in words: ``1 day``, ``203 days``; in French ``1 jour``."""
    word = "jour" if language == "fr" else "day"
    return f"{count(days, language)}{WIDE}{word}{'s' if days > 1 or (days == 0 and language == 'en') else ''}"


def lasting(since: date, today: date, language: Language) -> str:
    """How long something lasts that began on ``since``, in words; both days count."""
    return duration((today - since).days + 1, language)


def name(value: str, *, longest: int = 48) -> str:
    """A name somebody else chose, safe inside a sentence: on one line and, when too long, cut in its middle."""
    # The no-break spaces of French stay: a sentence may pass through here on its way into a figure.
    text = value
    if not value.isprintable() and not value.replace(NARROW, "").replace(WIDE, "").isprintable():
        spaces = (NARROW, WIDE)
        text = "".join(character if character.isprintable() or character in spaces else " " for character in value)
    text = (re.sub(" {2,}", " ", text) if "  " in text else text).strip()
    if len(text) > longest:
        half = (longest - 1) // 2
        text = f"{text[:half]}\u2026{text[-half:]}"
    return text or "\u2013"


def quoted(value: str, language: Language) -> str:
    """A value of the data in quotation marks."""
    text = name(value, longest=32)
    return f"«{WIDE}{text}{WIDE}»" if language == "fr" else f"\u201c{text}\u201d"


def french(text: str) -> str:
    """``text``, typed with plain spaces and apostrophes, as French sets it: no-break spaces and a curly apostrophe."""
    text = re.sub(r"(?<=\w)'(?=\w|$|\{)", "\u2019", text)
    text = re.sub(r" (?=[;!?%](?:\s|$|[).,]))", NARROW, text)
    text = re.sub(r" (?=:(?:\s|$))", WIDE, text)
    return text.replace("« ", f"«{WIDE}").replace(" »", f"{WIDE}»")
