"""Parser directives: the comments at the top of a Dockerfile that tell BuildKit how to read it."""

from __future__ import annotations

import re

from layerlint.dockerfile.instruction import SyntaxProblem
from layerlint.source.source import Source, decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_DIRECTIVE = lazy_pattern(rb"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)", re.DOTALL)
_KNOWN = frozenset({"check", "escape", "syntax"})
_ESCAPES = frozenset({"\\", "`"})


@dataclass(frozen=True, slots=True)
class Directives:
    """The escape character, the image that is to read the file (empty for none), and what is wrong with them."""

    escape: str
    syntax: str
    problems: tuple[SyntaxProblem, ...]


_NO_DIRECTIVES = Directives("\\", "", ())


def read_directives(source: Source, lines: list[bytes]) -> Directives:
    """Read the directives at the top of `lines`, the file's lines without byte-order mark and line feeds.

    They end at the first line that is none: an instruction, a blank line, any other comment, an unknown directive.
    """
    escape, syntax = "\\", ""
    seen: set[str] = set()
    problems: list[SyntaxProblem] = []
    for number, line in enumerate(lines, 1):
        match = _DIRECTIVE.match(line.strip())
        name = decode(match[1]).lower() if match else ""
        if match is None or name not in _KNOWN:
            break
        value = decode(match[2])
        if name in seen:
            problems.append(SyntaxProblem(f"The directive `{name}` may be given only once.", source.line_span(number)))
            continue
        seen.add(name)
        if name == "syntax":
            syntax = value
        if name != "escape":
            continue
        if value in _ESCAPES:
            escape = value
        else:
            problems.append(
                SyntaxProblem("The escape character must be a backslash or a backtick.", source.line_span(number))
            )
    return Directives(escape, syntax, tuple(problems)) if seen else _NO_DIRECTIVES
