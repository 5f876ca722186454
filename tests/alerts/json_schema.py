"""The part of JSON Schema 2020-12 that the schemas of docs/ are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

_TYPES: Final[dict[str, Any]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}
_KNOWN: Final = frozenset(
    [
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "required",
        "properties",
        "items",
        "enum",
        "const",
        "pattern",
        "format",
        "anyOf",
        "minItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    ]
)


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where ``value`` is not as ``schema`` says; AssertionError for a keyword that is not known here."""
    assert set(schema) <= _KNOWN, f"{at}: unknown keywords {set(schema) - _KNOWN}"
    if "$ref" in schema:
        yield from faults(value, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], whole, at)
    if "anyOf" in schema and all(list(faults(value, one, whole, at)) for one in schema["anyOf"]):
        yield f"{at} is none of what it may be"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    fits = any(isinstance(value, _TYPES[name]) and not isinstance(value, bool) for name in types)
    if types and not fits:
        yield f"{at} is {type(value).__name__}, not {types}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value!r}, none of {schema['enum']}"
    yield from _within(value, schema, at)
    if isinstance(value, dict):
        yield from (f"{at} lacks {name}" for name in schema.get("required", ()) if name not in value)
        properties = schema.get("properties")
        for name, inner in value.items() if properties is not None else ():
            if name not in properties:
                yield f"{at}.{name} is not described"
            else:
                yield from faults(inner, properties[name], whole, f"{at}.{name}")
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            yield from faults(inner, schema["items"], whole, f"{at}[{place}]")


def _within(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at} is {value!r}, not of the form {schema['pattern']}"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at} has {len(value)} characters"
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        yield f"{at} has {len(value)} items"
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at} is {value}"
