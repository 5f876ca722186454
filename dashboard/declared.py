"""Families of declarations: one file each in a folder, found from that folder, refused when two share a key."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: str) -> dict[str, ModuleType]:
    """The modules of ``package`` by name, in alphabetical order."""
    folder = importlib.import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__))
    return {name: importlib.import_module(f"{package}.{name}") for name in names}


def declarations(package: str, attribute: str, kind: type[T]) -> dict[str, T]:
    """The declaration called ``attribute`` of each module of ``package``, by its key.

    Raises ValueError when a module has none, when it is not of ``kind``, or when its key is not the module's name:
    that also refuses duplicate keys.
    """
    found: dict[str, T] = {}
    for name, module in modules(package).items():
        declared = getattr(module, attribute, None)
        if not isinstance(declared, kind):
            raise ValueError(f"{package}.{name} declares no {attribute} of type {kind.__name__}")
        key = getattr(declared, "key", None)
        if key != name:
            raise ValueError(f"{package}.{name}: its {attribute} has the key {key!r}, it must be the module's name")
        found[name] = declared
    return found
