"""The figure of a message: a small PNG, sharp on a phone, of a measure with its thresholds or of a model's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

from dashboard import format as form
from dashboard.alerts.writing.course import Course, Unit
from dashboard.alerts.writing.lights import LIGHTS
from dashboard.text import Language, Text

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 560, 210
"""As shown; the file has twice as many pixels each way."""

_DENSITY: Final = 2
_SMOOTH: Final = 2
"""Shapes are drawn so many times larger still, and made smaller: Pillow's lines have no soft edges of their own."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 116, 16, 34
_TEXT: Final = 15
_ROW: Final = 20
_COLOURS: Final = 48
_PAPER, _INK, _SOFT, _GRID, _LINE = "#f7f8fa", "#16202a", "#55626f", "#dfe4e9", "#1a5488"
_WORDS: Final = {
    "red": Text("red", "rouge"),
    "amber": Text("amber", "orange"),
    "green": Text("green", "vert"),
    "grey": Text("grey", "gris"),
}
"""Without accents: the font that comes with Pillow has no letters that carry one."""
_LEVELS: Final = {"red": 1.0, "amber": 0.68, "green": 0.36, "grey": 0.12}
"""How high a colour stands, so that it is told by more than its colour."""


def figure(course: Course, language: Language) -> bytes:
    """The PNG of ``course``, whose last day is marked."""
    drawing = _Drawing.of(course)
    if course.values:
        _measure(drawing, course, language)
    else:
        _strip(drawing, course, language)
    _days(drawing, course)
    return drawing.png()


def _measure(on: _Drawing, course: Course, language: Language) -> None:
    known = [value for value in course.values if value is not None]
    limits = [limit for limit in (course.amber, course.red) if limit is not None]
    low, high = min([*known, *limits]), max([*known, *limits])
    # A share and a distance begin at nothing; how good a model is begins nowhere.
    low = 0.0 if low >= 0 and course.colours[0] else low - 0.1 * (high - low)
    high += 0.08 * (high - low) or 1.0
    scale = _Scale(low, high)
    for tick in _ticks(low, high):
        on.line([(_LEFT, scale.y(tick)), (WIDTH - _RIGHT, scale.y(tick))], _GRID, 1)
        on.words((_LEFT - 8, scale.y(tick)), _number(tick, course.unit, language, round_=True), _SOFT, "rm")
    labels: list[tuple[float, str, str, int]] = []
    for name, limit in (("red", course.red), ("amber", course.amber)):
        if limit is not None:
            on.dashes(scale.y(limit), LIGHTS[name].line)
            words = f"{_WORDS[name][language]} {_number(limit, course.unit, language)}"
            labels.append((scale.y(limit), words, LIGHTS[name].ink[0], _TEXT))
    line: list[tuple[float, float]] = []
    for x, value in [*zip(on.xs, course.values, strict=True), (0.0, None)]:
        if value is not None:
            line.append((x, scale.y(value)))
            continue
        # A batch without a value is a gap, not a zero.
        on.line(line, _LINE, 2)
        line = []
    if len(known) <= 20:
        for x, value in zip(on.xs, course.values, strict=True):
            if value is not None:
                on.dot((x, scale.y(value)), 2.5, _LINE)
    last = course.values[-1]
    if last is not None:
        on.dot((on.xs[-1], scale.y(last)), 6, _PAPER)
        on.dot((on.xs[-1], scale.y(last)), 4.5, LIGHTS[_reached(course, last)].line if limits else _LINE)
        labels.append((scale.y(last), _number(last, course.unit, language), _INK, _TEXT + 3))
    labels.sort()
    for (_, words, colour, size), y in zip(labels, _spread([label[0] for label in labels]), strict=True):
        on.words((WIDTH - _RIGHT + 10, y), words, colour, "lm", size=size)


def _reached(course: Course, value: float) -> str:
    """The colour whose threshold ``value`` reaches, on whichever side of it bad is."""
    amber, red = course.amber, course.red
    sign = -1 if amber is not None and red is not None and red < amber else 1
    for name, limit in (("red", red), ("amber", amber)):
        if limit is not None and sign * value >= sign * limit:
            return name
    return "green"


def _strip(on: _Drawing, course: Course, language: Language) -> None:
    room = float(HEIGHT - _TOP - _BOTTOM)
    step = (WIDTH - _LEFT - _RIGHT) / max(len(course.days) - 1, 1)
    wide = min(max(0.36 * step, 1.5), 12)
    shown = {name: level for name, level in _LEVELS.items() if name in course.colours}
    room /= max(shown.values(), default=1.0)
    for name, level in shown.items():
        y = HEIGHT - _BOTTOM - room * level
        on.line([(_LEFT - wide, y), (WIDTH - _RIGHT + wide, y)], _GRID, 1)
        on.words((_LEFT - 8 - wide, y), _WORDS[name][language], _SOFT, "rm")
    for x, colour in zip(on.xs, course.colours, strict=True):
        level = _LEVELS.get(colour, _LEVELS["grey"])
        on.bar(
            (x - wide, HEIGHT - _BOTTOM - room * level),
            (x + wide, HEIGHT - _BOTTOM),
            LIGHTS.get(colour, LIGHTS["grey"]).line,
        )


def _days(on: _Drawing, course: Course) -> None:
    """The first and the last day below the axis, and one between them: ISO days need no language."""
    base = HEIGHT - _BOTTOM
    on.line([(_LEFT, base), (WIDTH - _RIGHT, base)], _SOFT, 1)
    middle = len(course.days) // 2
    places = [(0, "lm"), (middle, "mm"), (-1, "rm")] if len(course.days) > 4 else [(0, "lm"), (-1, "rm")]
    for place, anchor in places:
        on.line([(on.xs[place], base), (on.xs[place], base + 4)], _SOFT, 1)
        on.words((on.xs[place], base + 19), course.days[place].isoformat(), _SOFT, anchor)


def _spread(ys: Sequence[float]) -> list[float]:
    """Places near ``ys``, which are in order, so far from each other and from the days below that all can be read."""
    found: list[float] = []
    for y in ys:
        found.append(max(y, found[-1] + _ROW) if found else y)
    lowest = HEIGHT - _BOTTOM + 1.0
    for place in reversed(range(len(found))):
        found[place] = min(found[place], lowest)
        lowest = found[place] - _ROW
    return found


def _ticks(low: float, high: float) -> list[float]:
    """Two or three round values of the axis."""
    for step in (size * 10.0**power for power in range(-6, 9) for size in (1, 2, 2.5, 5)):
        first = -(-low // step)
        found = [round(step * (first + place), 9) for place in range(6) if step * (first + place) <= high]
        if len(found) <= 4:
            return found
    return [low, high]


def _number(value: float, unit: Unit, language: Language, *, round_: bool = False) -> str:
    """As elsewhere, in letters that the font has; ``round_`` numbers of an axis without zeros that say nothing."""
    if unit == "share":
        text = form.share(value, language)
    elif round_:
        text = form.threshold(value, language)
    else:
        text = form.index(value, language) if unit == "index" else form.quantity(value, language)
    return text.replace(form.NARROW, " ").replace(form.WIDE, " ").replace("\u2212", "-").replace("\u2013", "-")


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def y(self, value: float) -> float:
        """Where ``value`` stands, in pixels from the top."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


_Point = tuple[float, float]
_Word = tuple[_Point, str, str, str, int]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Shapes and words; places are pixels as shown. ``xs`` are those of the days, words are written last."""

    xs: tuple[float, ...]
    image: Image
    pen: ImageDraw
    written: list[_Word]

    @classmethod
    def of(cls, course: Course) -> _Drawing:
        """An empty sheet with room for the days of ``course``."""
        from PIL import Image, ImageDraw

        large = _DENSITY * _SMOOTH
        image = Image.new("RGB", (WIDTH * large, HEIGHT * large), _PAPER)
        return cls(_across(course.days), image, ImageDraw.Draw(image), [])

    def line(self, points: Sequence[_Point], colour: str, width: float) -> None:
        """A line through the points, if there are two."""
        if len(points) > 1:
            self.pen.line([_large(p) for p in points], colour, round(width * _DENSITY * _SMOOTH), joint="curve")
        elif points and colour == _LINE:
            self.dot(points[0], 1.5, colour)

    def dashes(self, y: float, colour: str) -> None:
        """A dashed line across."""
        for start in range(_LEFT, WIDTH - _RIGHT, 9):
            self.line([(start, y), (min(start + 5, WIDTH - _RIGHT), y)], colour, 1.5)

    def dot(self, at: _Point, radius: float, colour: str) -> None:
        """A filled circle."""
        self.pen.ellipse([_large((at[0] - radius, at[1] - radius)), _large((at[0] + radius, at[1] + radius))], colour)

    def bar(self, start: _Point, end: _Point, colour: str) -> None:
        """A filled rectangle."""
        self.pen.rectangle([_large(start), _large(end)], colour)

    def words(self, at: _Point, text: str, colour: str, anchor: str, *, size: int = _TEXT) -> None:
        """Words, to be written once the shapes are drawn."""
        self.written.append((at, text, colour, anchor, size))

    def png(self) -> bytes:
        """The file."""
        from PIL import Image, ImageDraw, ImageFont

        image = self.image.resize((WIDTH * _DENSITY, HEIGHT * _DENSITY), Image.Resampling.BOX)
        pen = ImageDraw.Draw(image)
        for (x, y), text, colour, anchor, size in self.written:
            font = ImageFont.load_default(size * _DENSITY)
            pen.text((x * _DENSITY, y * _DENSITY), text, colour, font=font, anchor=anchor)
        out = BytesIO()
        image.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()


def _large(point: _Point) -> _Point:
    return point[0] * _DENSITY * _SMOOTH, point[1] * _DENSITY * _SMOOTH


def _across(days: Sequence[date]) -> tuple[float, ...]:
    """Where each day stands: as far apart as they are in time, several of one day beside each other."""
    span = (days[-1] - days[0]).days
    room = WIDTH - _LEFT - _RIGHT
    if not span:
        return tuple(_LEFT + room * place / max(len(days) - 1, 1) for place in range(len(days)))
    return tuple(_LEFT + room * (day - days[0]).days / span for day in days)
