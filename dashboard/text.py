"""Words in both languages: a text without its translation cannot be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and French."""

    en: str
    fr: str

    def __post_init__(self) -> None:
        if not self.en or not self.fr:
            raise ValueError(f"a text needs both languages: {self}")

    def __getitem__(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en

    def format(self, **values: object) -> Text:
        """The same text with its {places} filled in, in both languages."""
        return Text(self.en.format(**values), self.fr.format(**values))
