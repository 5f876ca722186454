"""The pages of docs/ that come from declarations: ``python -m dashboard.guide cli > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import typer

from dashboard.policy import POLICY_KEYS, Policy
from dashboard.registry import KEYS
from dashboard.settings import FILE, SETTINGS

EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples" / "churn.toml"

POLICY: Final[dict[str, str]] = {
    "drift.amber": "PSI, its noise taken off, from which a variable's drift is amber",
    "drift.red": "the same for red",
    "drift.rows": "rows that a batch needs to be judged alone; smaller ones are pooled with those before",
    "drift.pool_batches": "batches that are pooled at most; fewer rows than that give is grey",
    "missing.amber": "rise of the missing share above training's from which it is amber",
    "missing.red": "the same for red",
    "unseen.amber": "rise of the share of levels that training did not have, from which it is amber",
    "unseen.red": "the same for red",
    "duplicate_ids.amber": "share of rows with an identifier that came before in the batch, from which it is amber",
    "duplicate_ids.red": "the same for red",
    "row_count.low": "a batch with fewer rows than this multiple of the usual is a finding",
    "row_count.high": "a batch with more rows than this multiple of the usual is a finding",
    "row_count.batches": "batches before that say what is usual",
    "auc.amber": "drop of AUC below the version's baseline from which it is amber",
    "auc.red": "the same for red",
    "accuracy.amber": "drop of accuracy below the version's baseline from which it is amber",
    "accuracy.red": "the same for red",
    "rmse.amber": "relative rise of RMSE above the version's baseline from which it is amber",
    "rmse.red": "the same for red",
    "performance.completeness": "share of a cohort's truth that must be known before it is judged",
    "freshness.grace_share": "share of the cadence by which a batch may be late",
    "importance.light": "importance below which a red variable counts as amber",
}
"""What each threshold of a policy does."""

_STALE: Final = "This page is made from `{source}` by `make docs`; a test fails when it is stale.\n"


def models_page() -> str:
    """docs/models.md: every key of a model's TOML file, and every threshold of its policy."""
    rows = [(f"`{key.name}`", key.kind, _choices(key.meaning, key.choices), key.default) for key in KEYS]
    default = Policy()
    policy = [(f"`{place}`", f"{getattr(default, field):g}", POLICY[place]) for place, field in POLICY_KEYS.items()]
    return "\n".join(
        (
            "# The registry entry of a model\n",
            "`vigie register MODEL.toml` tells Vigie that a model exists: who owns it, what it predicts, how often a",
            "batch is due. The file has these keys, named as the columns of the table",
            "[models](contract.md#models); any other is refused. Registering a model again replaces its entry.\n",
            _STALE.format(source="dashboard/registry.py"),
            _table(("key", "takes", "means", "when absent"), rows),
            "## An example\n",
            f"```toml\n{EXAMPLE.read_text(encoding='utf-8').strip()}\n```\n",
            "## The policy\n",
            "Thresholds that a model may change, each under its section: `amber = 0.15` under `[policy.drift]` is",
            "`drift.amber`. Shares, PSI and drops are 0..1.\n",
            _table(("key", "default", "means"), policy),
        )
    )


def settings_page() -> str:
    """docs/settings.md: every setting."""
    rows = [(f"`{s.variable}`", f"`{s.name}`", f"`{_plain(s.default)}`", s.expected, s.meaning) for s in SETTINGS]
    return "\n".join(
        (
            "# Settings\n",
            f"A setting is a variable of the environment, or a key of `{FILE}` in the working directory; the",
            "environment wins over the file, and the file over the default. Names that do not exist are refused.",
            "`vigie settings` prints what is in force, and where each value comes from.\n",
            _STALE.format(source="dashboard/settings.py"),
            _table(("variable", f"key of {FILE}", "default", "takes", "means"), rows),
            f'```toml\n# {FILE}\nwarehouse = "/srv/vigie/warehouse"\nport = 8080\nlanguage = "fr"\n```\n',
        )
    )


def cli_page() -> str:
    """docs/cli.md: every command with its arguments and options."""
    from dashboard.cli import MAP, app

    group: Any = typer.main.get_command(app)
    sections = [_command(name, command) for name, command in group.commands.items()]
    return "\n".join(
        (
            "# The command line\n",
            f"```\n{MAP}\n```\n",
            "A command ends with 0 when it is done, 1 when what it was given cannot be used (or, for `check`, breaks",
            "the contract), 2 when it was called wrongly. What went wrong stands on stderr, in one sentence.\n",
            _STALE.format(source="dashboard/cli.py"),
            *sections,
        )
    )


PAGES: Final[dict[str, Callable[[], str]]] = {"cli": cli_page, "models": models_page, "settings": settings_page}


def _command(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and "--help" not in p.opts]
    rows = [(f"`{_bare(p)}`", p.help) for p in arguments]
    for option in options:
        flag = getattr(option, "is_flag", False)
        metavar = "" if flag else f" {_value(option)}"
        default = "" if flag or option.default is None or option.multiple else f" Default: {_plain(option.default)}."
        needed = " Required." if option.required else ""
        rows.append((f"`{option.opts[0]}{metavar}`", f"{option.help}{needed}{default}"))
    parts = [" ".join(part.split()) for part in command.help.split("\n\n")]
    text = "\n\n".join(f"Example: `{p[9:]}`" if p.startswith("Example: ") else p for p in parts)
    table = f"\n{_table(('takes', 'means'), rows)}" if rows else ""
    return f"## vigie {name}\n\n{text}\n{table}"


def _bare(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).replace("[", "").replace("]", "")


def _value(option: Any) -> str:
    choices = option.type_descriptor.choices
    if choices:
        return "|".join(str(choice.value) for choice in choices)
    return str(option.metavar or option.name.upper())


def _choices(meaning: str, choices: tuple[str, ...]) -> str:
    return f"{meaning}: {', '.join(f'`{choice}`' for choice in choices)}" if choices else meaning


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(PAGES[sys.argv[1]]())
