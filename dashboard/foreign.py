"""What somebody else wrote, as JSON: what it holds of the shape that is looked for, and nothing where it does not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any


def json_object(text: str | bytes | None) -> dict[str, Any]:
    """The object in ``text``; {} where there is none, or no JSON."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects in what should be a list of them; [] where it is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_in(value: object) -> str:
    """The text; '' where it is none."""
    return value if isinstance(value, str) else ""


def day_in(value: object) -> date | None:
    """The day that stands there in ISO form; None where none does."""
    try:
        return date.fromisoformat(text_in(value))
    except ValueError:
        return None
