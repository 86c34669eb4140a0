"""What the folders promise: data goes one way, and nothing about a tool stands in Python."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

import layerlint
from layerlint.rules.loading import load
from layerlint.tools.tool import CacheUses

PACKAGE = Path(layerlint.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
RULES = load()

# Each imports only from those before it, and from its own line.
ORDER = [
    # What knows nothing of Dockerfiles.
    {"startup", "version", "visible"},
    {"errors", "globs", "versions"},
    {"documents", "source"},
    {"finding"},
    {"fingerprint", "system"},
    {"git"},
    # The way of the data, from a file's bytes to what is printed of it.
    {"dockerfile"},
    {"shell"},
    {"image", "tools"},
    {"caches"},
    {"edits"},
    {"fixing", "rules"},
    {"suppression"},
    {"linting"},
    {"reporters"},
    # A run: which files, with which rules, and where the results go.
    {"baseline"},
    {"config"},
    {"authoring", "library", "run"},
    # The command line.
    {"cli"},
    {"__init__", "__main__"},
]
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}


# The same inside of the largest of them.
ORDER_OF_RULES = [
    {"__init__", "condition_words", "conditions", "regular_expressions", "selection"},
    {"case_places", "model"},
    {"templates"},
    {"facts"},
    {"fixes"},
    {"matching"},
    {"ruleset"},
    {"files"},
    {"checks"},
    {"loading"},
]
LEVELS_OF_RULES = {name: level for level, names in enumerate(ORDER_OF_RULES) for name in names}


def part(path: Path, package: Path = PACKAGE) -> str:
    return path.relative_to(package).parts[0].removesuffix(".py")


def imported(code: str, within: str = "layerlint") -> Iterator[str]:
    """The parts of the package that code imports; its name for the package itself, "." for a relative import."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield "."
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for alias in node.names:
                path = ".".join([*module, alias.name])
                if f"{path}.".startswith(f"{within}."):
                    yield path.removeprefix(within).removeprefix(".").partition(".")[0] or within


def test_each_part_has_its_place() -> None:
    assert {part(path) for path in MODULES} == LEVELS.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_import_runs_backwards(path: Path) -> None:
    own = LEVELS[part(path)]
    backwards = {name for name in imported(path.read_text(encoding="utf-8")) if LEVELS.get(name, len(ORDER)) > own}
    assert not backwards


RULE_MODULES = [path for path in MODULES if PACKAGE / "rules" in path.parents]


@pytest.mark.parametrize("path", RULE_MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_import_runs_backwards_inside_rules(path: Path) -> None:
    own = LEVELS_OF_RULES[part(path, PACKAGE / "rules")]
    names = imported(path.read_text(encoding="utf-8"), "layerlint.rules")
    backwards = {name for name in names if LEVELS_OF_RULES[name] > own}
    assert not backwards


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("from layerlint.finding import Edit, Fix", {"finding"}, id="what is in a module"),
        pytest.param("from layerlint.shell.word import Word", {"shell"}, id="what is in a module of a folder"),
        pytest.param("from layerlint import finding, rules as those", {"finding", "rules"}, id="modules"),
        pytest.param(
            "import layerlint.rules.model, layerlint.run.jobs as job", {"rules", "run"}, id="modules by paths"
        ),
        pytest.param("import layerlint", {"layerlint"}, id="the package"),
        pytest.param("from layerlint import *", {"*"}, id="all of the package"),
        pytest.param("from . import rules", {"."}, id="a relative import"),
        pytest.param("from ..rules.model import When", {"."}, id="a relative import of a module"),
        pytest.param("def f():\n    from layerlint import rules", {"rules"}, id="in a function"),
        pytest.param("if TYPE_CHECKING:\n    from layerlint.rules.model import When", {"rules"}, id="for its types"),
        pytest.param("import re\nfrom ast import walk\nfrom layerlints import x", set(), id="other packages"),
    ],
)
def test_what_is_imported(code: str, expected: set[str]) -> None:
    assert set(imported(code)) == expected


# Names of tools that are words too. In a sentence they are words.
WORDS = frozenset({"bundle", "gem", "go", "hatch"})


@cache
def tool_names() -> Collection[str]:
    """What tools are called, in any case; of a glob what it begins with."""
    names = {name for tool in RULES.tools for name in (tool.tool, *tool.names)}
    return {stem.lower() for name in names if len(stem := re.split(r"[*?\[]", name)[0].rstrip("-.")) > 1}


@cache
def subcommands(name: str) -> Collection[str]:
    """What the tool of a name is told to do, by the first word."""
    caches = [each for tool in RULES.tools if name in tool.names for each in tool.caches]
    uses = (use for each in caches for kind in CacheUses.__slots__ for use in getattr(each, kind))
    return {name.split()[0] for use in uses for name in use.subcommand if name}


# Where a word begins in `isNpm`, `NPMCache`: names are looked for in what a programmer reads as words.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What a docstring shows as it is written elsewhere: code, an example that runs, the id of a rule.
_SHOWN = re.compile(r"`[^`]*`|^ *>>>.*$|\b[A-Z]{2,}[0-9]{3,4}\b", re.MULTILINE)


def tools_named(source: str, names: Collection[str]) -> list[str]:
    """The names of tools in code, strings, comments and docstrings, each with its line.

    A docstring may show a command or a rule's id, as an example of what it speaks of: nothing is done by it.
    """
    named = re.compile(
        rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![a-z])", re.IGNORECASE
    )
    tree = ast.parse(source)
    documentation = {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    texts: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
            texts.append((node.lineno, _SHOWN.sub("", value) if id(node) in documentation else value))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    texts += ((token.start[0], token.string) for token in tokens if token.type in {tokenize.NAME, tokenize.COMMENT})
    split = ((line, _HUMP.sub(" ", text) if " " not in text.strip() else text) for line, text in texts)
    return [
        f"{line} {match[0]}"
        for (line, text), (_, written) in zip(split, texts, strict=True)
        for match in named.finditer(text)
        if not (match[0].lower() in WORDS and " " in written.strip() and not _is_command(text, match))
    ]


def _is_command(text: str, name: re.Match[str]) -> bool:
    """Whether a name that is a word too stands in a sentence as what is typed: in quotes, or with a subcommand."""
    before, behind = text[: name.start()], text[name.end() :]
    is_quoted = before.endswith(("`", '"', "'", "/")) and not behind[:1].isalpha()
    following = behind.split()[:1] if behind.startswith(" ") else []
    return is_quoted or any(word in subcommands(name[0].lower()) for word in following)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_tool_is_named_in_code(path: Path) -> None:
    assert tools_named(path.read_text(encoding="utf-8"), tool_names()) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("x = 'apt-get'", ["1 apt-get"], id="a string"),
        pytest.param("x = b'/usr/bin/pip3'", ["1 pip"], id="bytes"),
        pytest.param("x = f'{y} install pip'", ["1 pip"], id="a part of a string"),
        pytest.param("pip_cache = 1", ["1 pip"], id="a name"),
        pytest.param("x.is_uv()", ["1 uv"], id="an attribute"),
        pytest.param("def f(npm): pass", ["1 npm"], id="a parameter"),
        pytest.param("x = 1  # as pip has it", ["1 pip"], id="a comment"),
        pytest.param("x = 'go'", ["1 go"], id="a name that is a word"),
        pytest.param("x = 'let it go on'", [], id="a word"),
        pytest.param("x = pipeline, captured, 'chapter'", [], id="other words"),
        pytest.param("x = 'let it go on; each gem in the bundle'", [], id="words"),
        pytest.param("x = f'{y} go build'", ["1 go"], id="a word, and what is done with it"),
        pytest.param("x = 'bundle install now'", ["1 bundle"], id="another one"),
        pytest.param("x = 'it runs `go` here'", ["1 go"], id="a word in quotes"),
        pytest.param("x = 'it is in /usr/bin/gem here'", ["1 gem"], id="a word with its path"),
        pytest.param("class PipCache: pass", ["1 Pip"], id="a class"),
        pytest.param("x.isNpm()", ["1 Npm"], id="humps"),
        pytest.param("x = 'usePnpmStore'", ["1 Pnpm"], id="humps in a string"),
        pytest.param("x = GoCache, useUVNow", ["1 Go", "1 UV"], id="humps of other kinds"),
        pytest.param("class Gopher(Pipe): pass", [], id="other words with humps"),
        pytest.param('def f():\n    """As pip has it."""', ["2 pip"], id="a docstring"),
        pytest.param('def f():\n    """As in `pip install`, PIP001."""', [], id="an example in a docstring"),
        pytest.param('def f():\n    """What it is.\n\n    >>> f("pip")\n    """', [], id="an example that runs"),
    ],
)
def test_where_a_tool_is_seen(code: str, expected: list[str]) -> None:
    assert tools_named(code, {*tool_names(), "go"}) == expected


# A quantifier behind a group, or behind a part that is put in, with a plus.
_POSSESSIVE = re.compile(r"(?:(?<!\\)\)|\A)(?:[*+?]|\{[0-9,]+\})\+")


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 matches it wrongly, and Debian 12 has 3.11.2: `(?>(?:...)*)` says the same."""
    wrong = [
        f"{path.name}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        if _POSSESSIVE.search(node.value if isinstance(node.value, str) else node.value.decode("latin-1"))
    ]
    assert wrong == []
