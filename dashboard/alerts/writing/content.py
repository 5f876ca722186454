"""What a message says, in parts that every channel can write: a title, sections, items, tables, links, a picture."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.text import Language


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; written as words alone where ``href`` is neither on the web nor a mail address."""

    words: str
    href: str

    @property
    def leads(self) -> bool:
        """Whether it leads anywhere that a reader may safely follow."""
        return self.href.startswith(("https://", "http://", "mailto:")) and self.href.isprintable()


@dataclass(frozen=True, slots=True)
class State:
    """A state, shown as glyph, word and colour: red, amber, late, green or grey."""

    colour: str


Cell = str | Link | State


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences, and where they lead. ``quiet`` ones say what is good to know."""

    words: str
    links: tuple[Link, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things: its ``state``, its ``name``, what is said of it, ``details`` a line each, a way on."""

    words: str = ""
    state: str = ""
    name: Link | str = ""
    details: tuple[str, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Things below each other; ``dense`` where they are many."""

    items: tuple[Item, ...]
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to copy, letter for letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below ``heads``; those of the columns ``numeric`` are numbers, written as they are to be read."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG by the ``name`` of its file, ``width`` by ``height`` as shown; ``alt`` says in words what it shows."""

    name: str
    png: bytes
    alt: str
    caption: str
    width: int
    height: int


Block = Paragraph | Items | Code | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks below a heading, if it has one."""

    blocks: tuple[Block, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A message: ``title`` is its one sentence, ``preheader`` what lists of mails show beside the subject.

    ``state`` and ``about`` stand over the title; ``action`` is the one thing to open. ``footer`` says who gets this.
    """

    language: Language
    title: str
    sections: tuple[Section, ...]
    preheader: str = ""
    state: str = ""
    about: str = ""
    action: Link | None = None
    footer: tuple[Paragraph, ...] = ()

    @property
    def pictures(self) -> dict[str, bytes]:
        """The files of its pictures, by name."""
        return {
            block.name: block.png for section in self.sections for block in section.blocks if isinstance(block, Picture)
        }
