"""The data of a figure: folded away beneath it as a table, and as files (assets/figures.js makes both when asked)."""

from __future__ import annotations

import json
import math
from typing import Final

from dashboard.file_name import file_name
from dashboard.text import Text
from dashboard.web import html
from dashboard.web.data import Data, Value
from dashboard.web.page import Request

_DATA: Final = Text("The data as a table", "Les données en tableau")
_SAVE: Final = Text("Save", "Enregistrer")
_FILES: Final = {
    "csv": Text("Save the data as a CSV file", "Enregistrer les données en fichier CSV"),
    "png": Text("Save the picture as a PNG file", "Enregistrer l\u2019image en PNG"),
    "svg": Text("Save the picture as an SVG file", "Enregistrer l\u2019image en SVG"),
}


def folded_data(request: Request, data: Data, *, key: str, caption: str, plotted: bool = False) -> html.Node:
    """``data`` under a summary, and beside it buttons that save it; where ``plotted``, the picture above it too.

    ``key`` and what the address names make the name of the files, ``caption`` says what it shows.
    """
    rows = [[_plain(value) for value in row] for row in data.rows]
    formats = list(_FILES) if plotted else ["csv"]
    return html.div(
        html.details(
            html.summary(request.t(_DATA)),
            html.div(
                class_="chart-data",
                data_table=json.dumps(
                    {"columns": list(data.columns), "rows": rows}, ensure_ascii=False, separators=(",", ":")
                ),
                data_caption=caption,
            ),
            class_="chart-table",
        ),
        html.div(
            [
                html.button(
                    format.upper(),
                    type="button",
                    class_="chart-file",
                    title=request.t(_FILES[format]),
                    aria_label=request.t(_FILES[format]),
                    data_save=format,
                )
                for format in formats
            ],
            class_="chart-files",
            role="group",
            aria_label=request.t(_SAVE),
            data_file=file_name(*request.args.values(), key),
        ),
        class_="chart-foot",
    )


def _plain(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value
