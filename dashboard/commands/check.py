"""The command that holds files and tables against the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.arguments import open_tables, read_settings
from dashboard.commands.counted import counted
from dashboard.commands.ending import FAILED, printable
from dashboard.commands.progress import progress_bar


def check(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file of one contract table: Parquet, or CSV or NDJSON (.gz)."),
    ] = None,
    warehouse: Annotated[
        bool, typer.Option("--warehouse", help="Check every table of the warehouse; so it is without FILE.")
    ] = False,
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="The table, where the file's columns do not tell.")
    ] = None,
) -> None:
    """Say every way in which a file, or the whole warehouse, breaks the contract.

    Each violation names file, row and column. The exit code is 1 when there is any.

    Example: vigie check batch_variables.parquet
    """
    from dashboard.checks.check import Looked, check_file, check_warehouse

    if file is not None and warehouse:
        raise typer.BadParameter("give a FILE or --warehouse, not both.")
    if file is None and table is not None:
        raise typer.BadParameter("--table goes with a FILE.")
    looked, violations = Looked(), 0
    where = str(file) if file is not None else read_settings().warehouse
    with progress_bar("Checking") as progress:
        found = (
            check_file(file, table=table, looked=looked)
            if file is not None
            else check_warehouse(open_tables(), looked=looked, progress=progress)
        )
        for violation in found:
            violations += 1
            print(printable(str(violation)))
    said = counted(violations, "violation") if violations else "no violation"
    pieces = counted(looked.files, "table" if where.startswith("bigquery://") else "file")
    print(f"Checked {where}: {looked.rows:,} rows in {pieces}, {said} of the contract.", flush=True)
    if violations:
        raise typer.Exit(FAILED)
