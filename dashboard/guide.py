"""The pages of docs/ that come from declarations: ``python -m dashboard.guide cli > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer

from dashboard.registry import KEYS
from dashboard.settings import FILE, SETTINGS
from dashboard.stated import KEYS as POLICY
from dashboard.stated import RULES_OF_VARIABLES

EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples" / "churn.toml"

_STALE: Final = "This page is made from `{source}` by `make docs`; a test fails when it is stale.\n"


def models_page() -> str:
    """docs/models.md: every key of a model's TOML file, and every key of a policy."""
    rows = [(f"`{key.name}`", key.kind, _choices(key.meaning, key.choices), key.default) for key in KEYS]
    heads = ("key", "default", "takes", "means", "by variable")
    policy = [
        (f"`{key.place}`", str(key.default), key.expected.en, key.meaning.en, "yes" if key.by_variable else "")
        for key in POLICY
    ]
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
            "What a model may change, each key under its section: `amber = 0.15` under `[policy.drift]` is",
            "`drift.amber`. Shares, PSI and drops are 0..1.\n",
            _table(heads, policy),
            _POLICY,
            "## The policy of the fleet\n",
            _FLEET,
        )
    )


def settings_page() -> str:
    """docs/settings.md: every setting."""
    rows = [
        (
            f"`{setting.variable}`",
            f"`{setting.name}`",
            "none" if setting.default == "" else f"`{_plain(setting.default)}`",
            setting.expected,
            setting.meaning,
        )
        for setting in SETTINGS
    ]
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
    sections = [_command(name, command) for name, command in _commands(group)]
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


_RULES_OFF: Final = ", ".join(f"`{rule}`" for rule in RULES_OF_VARIABLES)

_POLICY: Final = f"""\
A rule is switched off under `rules`, and anything that holds by variable is set for one under `variables`:

```toml
[policy.rules]
duplicate_ids = false

[policy.variables.tenure]
drift = {{ amber = 0.3, red = 0.5 }}
rules = {{ missing = false }}
```

A rule that is off finds nothing and colours nothing. These may be off for one variable alone:
{_RULES_OFF}.

Keys and rules that do not exist are refused when the file is registered, and so is an amber threshold above its red
one. `vigie check --warehouse` names variables that no version of the model has. `vigie policy show MODEL` prints what
is in force, and `vigie policy test MODEL --set drift.amber=0.15` which batches of its history another value would have
coloured otherwise.
"""

_FLEET: Final = """\
A file with `fleet = true` and a policy, and nothing else, is what every model starts from:

```toml
# fleet.toml
fleet = true

[policy.drift]
amber = 0.15
```

`vigie register fleet.toml` puts it in place of the one before. What is in force is the default, changed by the fleet's
policy, that by the model's, and for one variable that by what either says of the variable. The next evaluation judges
every model anew.
"""

PAGES: Final[dict[str, Callable[[], str]]] = {"cli": cli_page, "models": models_page, "settings": settings_page}


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name; those of a group in the group's place."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


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
