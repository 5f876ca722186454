"""How a command ends: 0 done, 1 bad input or failure, 2 wrong use, 130 stopped; one sentence on stderr."""

from __future__ import annotations

import errno
import os
import sys
import traceback
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from qod.errors import VigieError

DONE: Final = 0
FAILED: Final = 1
STOPPED: Final = 130

_OVERRIDES: Final = "\u202a\u202b\u202c\u202d\u202e"
"""Marks that turn the direction of what follows."""


class Ending(TyperGroup):
    """The commands, each ending as this module says. A person never sees a traceback unless VIGIE_DEBUG is set."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit with its code; with ``standalone_mode=False`` return the code."""
        run = super().main
        code = end(lambda: run(args, prog_name, complete_var, False, windows_expand_args, **extra))
        if standalone_mode:
            sys.exit(code)
        return code


def end(run: Callable[[], Any]) -> int:
    """The exit code of ``run``; whatever it raises becomes one sentence on stderr."""
    debug = os.environ.get("VIGIE_DEBUG", "").lower() in ("1", "true")
    try:
        code = run()
        if code == STOPPED:
            say("Stopped.")
        return code if isinstance(code, int) else DONE
    except (KeyboardInterrupt, typer.Abort):
        say("Stopped.")
        return STOPPED
    except TyperException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "vigie"
        say(f"Error: {error.format_message().rstrip().replace('Value error, ', '')} See '{path} --help'.")
        return error.exit_code
    except VigieError as error:
        if debug:
            traceback.print_exc()
        say(f"Error: {_told(error)}")
        return FAILED
    except OSError as error:
        if debug:
            traceback.print_exc()
        where = f"{error.filename}: " if error.filename else ""
        say(f"Error: {where}{error.strerror or error}.")
        return FAILED
    except Exception as error:
        if debug:
            traceback.print_exc()
        text = " ".join(str(error).split()) or "no reason given"
        say(
            f"Error: something failed that Vigie did not foresee ({type(error).__name__}: {text[:300]}). "
            "Hint: set VIGIE_DEBUG=1 to see where, and report it."
        )
        return FAILED


_HINTS: Final = {
    errno.EEXIST: "name a folder, not a file.",
    errno.ENOTDIR: "name a folder, not a file.",
    errno.EROFS: "name a folder that can be written, as VIGIE_WAREHOUSE.",
    errno.EACCES: "let this user write there, or name another folder as VIGIE_WAREHOUSE.",
    errno.EPERM: "let this user write there, or name another folder as VIGIE_WAREHOUSE.",
    errno.ENOSPC: "make room on the disk, and run it again.",
}


def _told(error: VigieError) -> str:
    """The error in words for a person: what the system refused without its number and the names of drafts."""
    cause = error.__cause__
    if not isinstance(cause, OSError) or cause.errno is None or str(cause) not in error.message:
        return str(error)
    message = error.message.replace(str(cause), os.strerror(cause.errno))
    hint = error.hint or _HINTS.get(cause.errno, "check the path, or name another folder as VIGIE_WAREHOUSE.")
    return f"{message} Hint: {hint}"


def say(text: str) -> None:
    """One line on stderr, for a person."""
    print(printable(text), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """``text`` on one line, with controls written out: no name can move the cursor, or turn the words around it."""
    if text.isprintable():
        return text
    return "".join(
        repr(c)[1:-1] if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _OVERRIDES else c
        for c in text.replace("\n", " ")
    )
