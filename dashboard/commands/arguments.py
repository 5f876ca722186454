"""What the commands take: arguments and options that several of them share, and how their text is read."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.settings import Settings, load_settings
from dashboard.tables import tables_of

if TYPE_CHECKING:
    from qod.warehouse import Warehouse


def read_settings() -> Settings:
    """The settings in force for this process and its working directory."""
    return load_settings(os.environ, Path.cwd())


def day(text: str) -> date:
    """A calendar day written as 2026-11-19."""
    try:
        if len(text) != len("2026-11-19"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-11-19.") from None


def every(text: str) -> str:
    """day, week, month, or a whole number of rows."""
    if text in ("day", "week", "month") or (text.isascii() and text.isdigit() and int(text) > 0):
        return text
    raise typer.BadParameter(f"{text!r} is none of day, week, month or a number of rows, as 5000.")


def number(text: str) -> float:
    """A number, as 0.5."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; write it as 0.5.") from None


Model = Annotated[str, typer.Argument(metavar="MODEL", help="The model's identifier, as registered.")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="The version of the model, as 'v3' or '2026-11'.")]
File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="The rows: CSV or NDJSON (plain or .gz), or Parquet; a header names columns."),
]
Id = Annotated[
    str | None,
    typer.Option("--id", metavar="COL", help="The column that identifies a row; truth is joined by it later."),
]
Score = Annotated[
    str | None,
    typer.Option(
        "--score", metavar="COL", help="The column with the model's score, predicted value or predicted class."
    ),
]
Segment = Annotated[
    str | None, typer.Option("--segment", metavar="COL", help="The column with the part of the population a row is of.")
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        metavar="X",
        parser=number,
        help="Binary: the score from which a row is predicted positive; .5 when all scores lie within 0 to 1.",
    ),
]
Probability = Annotated[
    list[str] | None,
    typer.Option(
        "--probability",
        metavar="CLASS=COL",
        help="Multiclass: the column with the probability of a class, 0 to 1; repeat it for every class.",
    ),
]


def columns_of_classes(said: list[str] | None) -> dict[str, str]:
    """Class -> column, from what --probability says; a mistake in writing it is told as one."""
    columns: dict[str, str] = {}
    for text in said or ():
        # Class names may hold an equals sign; the names of columns seldom do.
        name, _, column = text.rpartition("=")
        if not name or not column:
            raise typer.BadParameter(f"{text!r} is not CLASS=COL, as 'gold=p_gold'.", param_hint="'--probability'")
        if name in columns:
            raise typer.BadParameter(f"the class {name!r} stands twice.", param_hint="'--probability'")
        columns[name] = column
    return columns


def open_tables() -> Warehouse:
    """The warehouse that the settings name."""
    return tables_of(read_settings())


def known_model(*model_ids: str) -> Warehouse:
    """The warehouse, once it is sure that the models are registered in it; UnknownNameError when one is not."""
    from qod.errors import UnknownNameError

    warehouse = open_tables()
    known = warehouse.query("registry").column("model_id").to_pylist() if model_ids else []
    for model_id in model_ids:
        if model_id not in known:
            first = None if known else "no model is registered yet: run 'vigie register MODEL.toml'."
            raise UnknownNameError("model", model_id, known, hint=first)
    return warehouse
