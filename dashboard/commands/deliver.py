"""The commands that bring something in: register, reference, batch, history, outcomes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.arguments import (
    File,
    Id,
    Model,
    Probability,
    Score,
    Segment,
    Threshold,
    Version,
    columns_of_classes,
    day,
    every,
    open_tables,
)
from dashboard.commands.counted import counted
from dashboard.commands.delivered import told
from dashboard.commands.ending import printable
from dashboard.commands.progress import progress_bar
from dashboard.commands.set_aside import set_aside

Rows = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="The rows: CSV or NDJSON (plain or .gz), or Parquet; or a table, bigquery://PROJECT/DATASET/TABLE, whose "
        "rows stay where they are.",
    ),
]


def register(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL.toml...",
            help="One TOML file a model, or one for the fleet's policy; docs/models.md lists the keys.",
        ),
    ],
) -> None:
    """Register models and the fleet's policy, or change what is registered of them.

    All files are taken, or none. Registering a model again replaces its entry and keeps everything delivered. A file
    with fleet = true holds the policy that every model starts from.

    Example: vigie register models/churn.toml models/upsell.toml
    """
    from dashboard.registry import check_policies, read_entries

    tables = read_entries(files, now=datetime.now(UTC))
    warehouse = open_tables()
    check_policies(
        tables,
        files=files,
        policies=warehouse.query("policies").to_pylist(),
        models=warehouse.query("registry").to_pylist(),
    )
    warehouse.deliver(tables, kind="registration")
    names = tables["models"].column("model_id").to_pylist() if "models" in tables else []
    said = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    parts = ["the fleet's policy"] * ("policies" in tables) + [f"{counted(len(names), 'model')}: {said}"] * bool(names)
    print(printable(f"Registered {' and '.join(parts)}."), flush=True)


def reference(
    model: Model,
    version: Version,
    file: Rows,
    score: Score = None,
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="COL", help="The column with the truth: gives the baseline of performance."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", metavar="COL", help="A column to leave out (an identifier, free text); may be repeated."
        ),
    ] = None,
    date_column: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="COL",
            help="The column with each row's day: what differs between training days by itself lifts the thresholds "
            "of drift.",
        ),
    ] = None,
    categorical: Annotated[
        list[str] | None,
        typer.Option("--categorical", metavar="COL", help="A column of numbers that are codes; may be repeated."),
    ] = None,
    numeric: Annotated[
        list[str] | None,
        typer.Option("--numeric", metavar="COL", help="A column of text that holds numbers; may be repeated."),
    ] = None,
    threshold: Threshold = None,
    probability: Probability = None,
    segment: Annotated[
        str | None,
        typer.Option(
            "--segment",
            metavar="COL",
            help="The column with the part of the population a row is of: the baseline of each; it stays a variable.",
        ),
    ] = None,
) -> None:
    """Deliver the training rows of a version: its bins are frozen from them.

    Every column becomes a variable, but for those excluded, the outcome, the date and the probabilities of classes.
    With --score and --outcome, performance and the calibration of the score are kept too; with --date, how much the
    training days differ by themselves.

    Example: vigie reference churn v3 train.parquet --score score --outcome churned --date day --exclude customer_id
    """
    import qod

    warehouse = open_tables()
    with progress_bar("Freezing bins") as progress:
        receipt = qod.deliver_reference(
            model,
            version,
            file,
            warehouse=warehouse,
            score=score,
            outcome=outcome,
            exclude=tuple(exclude or ()),
            date=date_column,
            categorical=tuple(categorical or ()),
            numeric=tuple(numeric or ()),
            threshold=threshold,
            probabilities=columns_of_classes(probability),
            segment=segment,
            progress=progress,
        )
    told(warehouse, model, f"the reference of {model} {version}", receipt)


def batch(
    model: Model,
    version: Version,
    date: Annotated[
        date, typer.Argument(metavar="DATE", parser=day, help="The day the batch stands for, as 2026-11-19.")
    ],
    file: Rows,
    batch_id: Annotated[
        str | None,
        typer.Option("--batch-id", metavar="ID", help="The batch's identifier; its date when absent."),
    ] = None,
    date_column: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="COL", help="The column with each row's day: only the rows of DATE are the batch."
        ),
    ] = None,
    id: Id = None,
    score: Score = None,
    segment: Segment = None,
    probability: Probability = None,
    guard: Annotated[
        Path | None,
        typer.Option(
            "--guard",
            metavar="GUARD.json",
            help="Hold back the rows that this guard names, as 'vigie guard MODEL --json' writes it, and count them.",
        ),
    ] = None,
    held: Annotated[
        Path | None,
        typer.Option("--held", metavar="FILE.parquet", help="With --guard: write the rows held back here, and why."),
    ] = None,
) -> None:
    """Deliver one scored batch: its rows are counted in the bins of the reference.

    Delivering the same batch again replaces it. Of a file or table that holds all days, --date takes those of DATE.

    Example: vigie batch churn v3 2026-11-19 scored.csv.gz --id customer_id --score score
    """
    import qod

    warehouse = open_tables()
    aside = set_aside(file, guard, held, model=model, version=version, date_column=date_column, day=date)
    with aside as (kept, counts), progress_bar("Counting rows") as progress:
        receipt = qod.deliver_batch(
            model,
            version,
            date,
            kept,
            warehouse=warehouse,
            batch_id=batch_id,
            date=date_column,
            id=id,
            score=score,
            segment=segment,
            probabilities=columns_of_classes(probability),
            held=counts,
            progress=progress,
        )
    told(warehouse, model, f"batch {batch_id or date} of {model} {version}", receipt)


def history(
    model: Model,
    version: Version,
    file: File,
    date: Annotated[str, typer.Option("--date", metavar="COL", help="The column with each row's day.")],
    every: Annotated[
        str,
        typer.Option(
            "--every",
            metavar="day|week|month|N",
            parser=every,
            help="Where to cut: by the calendar, or every N rows (a batch's date is its first row's).",
        ),
    ],
    id: Id = None,
    score: Score = None,
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="COL", help="The column with the truth, where the file has it already."),
    ] = None,
    segment: Segment = None,
    probability: Probability = None,
) -> None:
    """Deliver one file as many batches: how an existing project moves in.

    Example: vigie history churn v3 year.parquet --date scored_on --every day --id customer_id --score score
    """
    import qod

    warehouse = open_tables()
    with progress_bar("Counting batches") as progress:
        receipt = qod.deliver_history(
            model,
            version,
            file,
            warehouse=warehouse,
            date=date,
            every=every,
            id=id,
            score=score,
            outcome=outcome,
            segment=segment,
            probabilities=columns_of_classes(probability),
            progress=progress,
        )
    told(warehouse, model, f"the history of {model} {version}", receipt)


def outcomes(
    model: Model,
    file: File,
    id: Annotated[
        str, typer.Option("--id", metavar="COL", help="The column with the identifier the row was scored under.")
    ],
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="COL", help="The column with the truth: 0 or 1, a class, or a number.")
    ],
    observed: Annotated[
        str | None, typer.Option("--observed", metavar="COL", help="The column that says when the truth became known.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="COL", help="The column with the prediction's day, where an id was scored often."
        ),
    ] = None,
) -> None:
    """Deliver the truth, once it is known; late, in pieces and more than once is fine.

    Example: vigie outcomes churn truth.csv --id customer_id --outcome churned --date scored_on
    """
    import qod

    warehouse = open_tables()
    receipt = qod.deliver_outcomes(
        model, file, warehouse=warehouse, id=id, outcome=outcome, observed=observed, date=date
    )
    told(warehouse, model, f"outcomes of {model}", receipt)
