"""The report's style sheet: all of the pages' rules, light, and nothing that asks for a file."""

import re

from dashboard.report.style import small, style


def test_rules_are_written_small_and_light() -> None:
    css = ":root { /* a */\n  --a: light-dark(rgb(1 2 3 / 6%), transparent);\n  --b: light-dark(#fff, #000);\n}\n"
    assert small(css) == ":root{--a: rgb(1 2 3 / 6%);--b: #fff}"


def test_nothing_asks_for_another_file() -> None:
    css = """@import "x.css"; a { mask: url("link.svg") center; color: red }
    b { background: url(http://x.example/a.png) }
    c { background: url("data:image/svg+xml,x") }"""
    assert small(css) == 'a{color: red}b{}c{background: url("data:image/svg+xml,x")}'
    assert re.findall(r"url\((?!.?data:)", style()) == []
    assert style().count("{") == style().count("}")
