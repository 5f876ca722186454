"""The pages of docs/ that come from declarations say what is declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.guide import PAGES
from dashboard.policy import POLICY_KEYS
from dashboard.registry import KEYS
from dashboard.settings import SETTINGS
from dashboard.stated import RULES_OF_VARIABLES
from tests.commands import commands

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("page", PAGES)
def test_page_is_what_the_declarations_say(page: str) -> None:
    assert (DOCS / f"{page}.md").read_text(encoding="utf-8") == PAGES[page](), "stale: run `make docs`"


def test_every_command_setting_and_key_stands_on_its_page() -> None:
    assert sorted(commands()) == sorted(
        line.removeprefix("## vigie ") for line in PAGES["cli"]().splitlines() if line.startswith("## vigie ")
    )
    assert all(f"`{setting.variable}`" in PAGES["settings"]() for setting in SETTINGS)
    assert all(f"| `{key.name}` |" in PAGES["models"]() for key in KEYS)
    assert all(f"| `{place}` |" in PAGES["models"]() for place in POLICY_KEYS)
    assert all(f"`{rule}`" in PAGES["models"]() for rule in RULES_OF_VARIABLES)
