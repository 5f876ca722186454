"""Scripts: several statements with DECLARE, SET, IF, BEGIN ... EXCEPTION, ASSERT and transactions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from tests.bigquery.ddl import STATEMENTS
from tests.bigquery.errors import ApiError
from tests.bigquery.sql import Scope, bind, parse, to_duck
from tests.bigquery.statement import Outcome, run

# sqlglot takes BEGIN and EXCEPTION for commands and swallows what follows them.
_TOKENS = re.compile(
    r"""
    (?:--|\#)[^\n]* | /\*.*?\*/ | \s+ |
    (?P<token> [rRbB]{0,2}(?:'''.*?'''|""\".*?""\"|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") | `[^`]*` | @{0,2}\w+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTROL = {"DECLARE", "SET", "IF", "BEGIN", "COMMIT", "ROLLBACK", "ASSERT", "RAISE", "RETURN"}


@dataclass(frozen=True)
class Step:
    """A piece of a script: its first word, its text, and the blocks inside it."""

    kind: str
    text: str
    blocks: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    handler: tuple[Step, ...] | None = None


class _ReturnError(Exception):
    pass


def is_script(text: str) -> bool:
    """Whether a text is more than one plain statement."""
    steps = split(text)
    return len(steps) > 1 or bool(steps and (steps[0].kind or _is_temporary(steps[0].text)))


def _is_temporary(text: str) -> bool:
    words = text.upper().split()[:4]
    return "CREATE" in words[:1] and ("TEMP" in words or "TEMPORARY" in words)


def split(text: str) -> tuple[Step, ...]:
    """The steps of a script."""
    tokens = [found for found in _TOKENS.finditer(text) if found["token"]]
    reader = _Reader(text, tokens)
    steps = reader.steps(())
    if reader.at < len(tokens):
        raise ApiError(f"Syntax error: unexpected {reader.word()}", location="query")
    return steps


class _Reader:
    def __init__(self, text: str, tokens: list[re.Match[str]]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0

    def word(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place]["token"].upper() if place < len(self.tokens) else ""

    def steps(self, ends: tuple[str, ...]) -> tuple[Step, ...]:
        found = []
        while self.at < len(self.tokens) and self.word() not in ends:
            if self.word() == ";":
                self.at += 1
                continue
            found.append(self.step())
        return tuple(found)

    def step(self) -> Step:
        word = self.word()
        if word == "IF":
            return self.branch()
        if word == "BEGIN" and self.word(1) not in ("TRANSACTION", ";", ""):
            return self.block()
        return Step(word if word in _CONTROL else "", self.until(()))

    def until(self, ends: tuple[str, ...]) -> str:
        """The text up to a semicolon, or up to one of ``ends`` outside brackets and CASE."""
        start, depth = self.at, 0
        while self.at < len(self.tokens) and self.word() != ";":
            word = self.word()
            if depth == 0 and word in ends:
                break
            depth += (word in ("(", "[", "CASE")) - (word in (")", "]", "END"))
            self.at += 1
        if start == self.at:
            return ""
        return self.text[self.tokens[start].start() : self.tokens[self.at - 1].end()]

    def branch(self) -> Step:
        blocks = []
        self.at += 1
        while True:
            condition = self.until(("THEN",))
            self.take("THEN")
            blocks.append((condition, self.steps(("ELSEIF", "ELSE", "END"))))
            word = self.word()
            self.at += 1
            if word == "ELSEIF":
                continue
            if word == "ELSE":
                blocks.append(("TRUE", self.steps(("END",))))
                self.take("END")
            self.take("IF")
            return Step("IF", "", tuple(blocks))

    def block(self) -> Step:
        self.take("BEGIN")
        inside = self.steps(("EXCEPTION", "END"))
        handler = None
        if self.word() == "EXCEPTION":
            for word in ("EXCEPTION", "WHEN", "ERROR", "THEN"):
                self.take(word)
            handler = self.steps(("END",))
        self.take("END")
        return Step("BLOCK", "", (("TRUE", inside),), handler)

    def take(self, word: str) -> None:
        if self.word() != word:
            raise ApiError(f"Syntax error: expected {word}, got {self.word() or 'end of script'}", location="query")
        self.at += 1


class Script:
    """A script on its way: its variables, its transaction, its temporary tables."""

    def __init__(self, scope: Scope, done: Callable[[str, Outcome], None], limit: int | None) -> None:
        self.scope, self.done, self.limit = scope, done, limit
        self.open, self.last = False, Outcome("SCRIPT")

    def run(self, text: str) -> Outcome:
        """Run the script to its end; the outcome is that of its last query. What it left open is rolled back."""
        hidden = f"_script_{uuid.uuid4().hex[:12]}"
        database = self.scope.database
        with database.lock:
            reference = {"datasetReference": {"projectId": self.scope.project, "datasetId": hidden}}
            place = {"location": self.scope.location} if self.scope.location else {}
            database.create_dataset(self.scope.project, reference | place)
            try:
                self.steps(split(text), hidden)
            except _ReturnError:
                pass
            finally:
                if self.open:
                    self.scope.cursor.rollback()
                database.drop_dataset(self.scope.project, hidden, contents=True)
        return self.last

    def steps(self, steps: tuple[Step, ...], hidden: str) -> None:
        for step in steps:
            self.step(step, hidden)

    def step(self, step: Step, hidden: str) -> None:
        words = step.text.upper().rstrip(";").split()
        if step.kind == "IF":
            for condition, inside in step.blocks:
                if self.value(condition)[0] is True:
                    return self.steps(inside, hidden)
        elif step.kind == "BLOCK":
            try:
                self.steps(step.blocks[0][1], hidden)
            except ApiError as error:
                if step.handler is None:
                    raise
                self.set("@@error.message", (error.message, "VARCHAR"))
                self.steps(step.handler, hidden)
        elif step.kind == "DECLARE":
            self.declare(parse(step.text))
        elif step.kind == "SET":
            for item in parse(step.text).expressions:
                name = item.this.this.name.lower()
                if name not in self.scope.variables:
                    raise ApiError(f"Undeclared variable: {name}")
                found = self.value(item.this.expression.sql("bigquery"))[0]
                self.set(name, (found, self.scope.variables[name][1]))
        elif step.kind == "ASSERT":
            condition, _, message = step.text[len("ASSERT") :].rpartition(" AS ")
            if self.value(condition or message)[0] is not True:
                raise ApiError(message.strip().strip("'\"") if condition else "Assertion failed", reason="invalidQuery")
        elif step.kind == "RAISE":
            message = step.text.partition("=")[2]
            raise ApiError(str(self.value(message)[0]) if message else str(self.scope.variables["@@error.message"][0]))
        elif step.kind == "RETURN":
            raise _ReturnError
        elif step.kind in ("BEGIN", "COMMIT", "ROLLBACK"):
            self.transaction(words[0])
        else:
            self.statement(step.text, hidden)
        return None

    def set(self, name: str, value: tuple[Any, str]) -> None:
        self.scope = replace(self.scope, variables=self.scope.variables | {name: value})

    def transaction(self, word: str) -> None:
        if (word == "BEGIN") == self.open:
            raise ApiError("Transaction is already in progress" if self.open else "There is no transaction in progress")
        {"BEGIN": self.scope.cursor.begin, "COMMIT": self.scope.cursor.commit, "ROLLBACK": self.scope.cursor.rollback}[
            word
        ]()
        self.open = word == "BEGIN"

    def declare(self, tree: exp.Expr) -> None:
        for item in tree.expressions:
            kind, default = item.args.get("kind"), item.args.get("default")
            found, of = self.value(default.sql("bigquery")) if default else (None, "VARCHAR")
            for name in item.this if isinstance(item.this, list) else [item.this]:
                self.set(name.name.lower(), (found, kind.sql("duckdb") if kind else of))

    def value(self, text: str) -> tuple[Any, str]:
        """The value of an expression, and its type."""
        bound = bind(parse(f"SELECT {text}"), self.scope)
        sql, params = to_duck(bound, self.scope)
        relation = self.scope.cursor.sql(sql, params=params or None)
        rows = relation.fetchall()
        return (rows[0][0] if rows else None), str(relation.types[0])

    def temporary(self, tree: exp.Expr, text: str) -> bool:
        """Whether a statement of DDL is one that a transaction may hold: about a temporary table, or TRUNCATE."""
        named = tree.args["tables"] if isinstance(tree, exp.Drop) else []
        dropped = [not table.db and table.name.lower() in self.scope.temporary for table in named]
        return any(dropped) or _is_temporary(text) or isinstance(tree, exp.TruncateTable)

    def statement(self, text: str, hidden: str) -> None:
        tree = parse(text)
        if self.open and isinstance(tree, STATEMENTS) and not self.temporary(tree, text):
            raise ApiError("Transactions cannot use DDL statements that affect permanent entities")
        if isinstance(tree, exp.Create) and _is_temporary(text):
            name = (tree.this.this if isinstance(tree.this, exp.Schema) else tree.this).name
            key = (self.scope.project, hidden, name)
            self.scope = replace(self.scope, temporary=self.scope.temporary | {name.lower(): key})
        outcome = run(tree, self.scope, limit=self.limit)
        if outcome.affected is not None:
            self.set("@@row_count", (outcome.affected, "BIGINT"))
        if outcome.rows is not None:
            self.last = outcome
        self.done(text, outcome)
