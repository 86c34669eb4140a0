"""Rule files and configurations made to do harm: refused with their place, or harmless, and in no time."""

# ruff: noqa: E501

from __future__ import annotations

import time
from pathlib import Path

import pytest

from layerlint.config.file import Configurations
from layerlint.errors import Mistake, UserError
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import select
from layerlint.source.source import Source
from tests.program import timed
from tests.rules.test_loading import GOOD, load_beside_one_pack

BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TAGGED = [
    "!!python/object/apply:os.system [touch /tmp/x]", "!!python/name:os.system ''", "!!python/module:os ''", "!!binary aGk=",
    "!!set {a}", "!!timestamp 2020-01-01", "!own x", "!<tag:yaml.org,2002:python/object/new:os.system> [x]",
]  # fmt: skip
TEMPLATES = [
    "{command.__class__}", "{command.__init__.__globals__}", "{command[0]}", "{command!r}", "{command:>9999999999}", "{0}", "{}",
    "{command }", "{__import__('os')}", "{{comand}}", "{directory.x} and {command}",
]  # fmt: skip


def rule_mistakes(path: Path, text: str | bytes) -> list[Mistake]:
    (path / "rule.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    start = time.process_time()
    with pytest.raises(UserError) as raised:
        load_beside_one_pack(path / "rule.yaml")
    assert time.process_time() - start < 2
    return list(raised.value.mistakes)


def configuration_mistakes(path: Path, text: str | bytes) -> list[Mistake]:
    (path / ".layerlint.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    start = time.process_time()
    mistakes = Configurations(file=str(path / ".layerlint.yaml")).mistakes
    assert time.process_time() - start < 2
    return mistakes


HOSTILE = [
    pytest.param(BOMB, "1:4 anchors and aliases are not read here", id="aliases that double"),
    pytest.param("a: &a [*a]\n", "1:4 anchors and aliases are not read here", id="an alias of itself"),
    pytest.param("<<: *a\n", "1:5 anchors and aliases are not read here", id="a merge"),
    pytest.param("a: " + "[" * 900, "1:53 this is nested too deep", id="open brackets"),
    pytest.param("a: " + "{a: " * 100_000, "1:200 this is nested too deep", id="open braces"),
    pytest.param("\n".join(" " * depth + "a:" for depth in range(1000)), "51:51 this is nested too deep", id="stairs"),
    pytest.param("- " * 200_000, "1:101 this is nested too deep", id="lists in one line"),
    pytest.param("? " * 200_000, "1:3 a key must be text", id="keys of keys"),
    pytest.param("a" * 1_000_001, "0:0 the file is too large", id="more than a million characters"),
    pytest.param("a: 1\n---\nb: 2\n", "2:1 there is more than one document", id="documents"),
    pytest.param("a: \x1b[2J\n", "0:0 this is not YAML", id="an escape sequence"),
    pytest.param(b"a: \x00\n", "0:0 this is not YAML", id="NUL"),
    pytest.param("%YAML 9.9\n---\na: 1\n", "1:1 this is not YAML", id="a version to come"),
    *(pytest.param(f"id: A\nname: {tagged}\n", "2:7 tags are not read here", id=tagged) for tagged in TAGGED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HOSTILE)
@pytest.mark.parametrize("mistakes_of", [rule_mistakes, configuration_mistakes])
def test_hostile_yaml(tmp_path: Path, mistakes_of: type, text: str | bytes, expected: str) -> None:
    mistakes = mistakes_of(tmp_path, text)
    assert f"{mistakes[0].line}:{mistakes[0].column} {mistakes[0].title}" == expected
    assert all(each.path and len(str(each)) < 1000 for each in mistakes)
    assert len(mistakes) < 60


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("key", ["message", "advice"])
def test_a_text_that_reaches_for_more_than_a_name(tmp_path: Path, template: str, key: str) -> None:
    lines = [f"{key}: {template!r}" if line.startswith(f"{key}:") else line for line in GOOD.splitlines()]
    place = next(number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:"))
    (mistake,) = rule_mistakes(tmp_path, "\n".join(lines))
    assert (mistake.line, mistake.column) == (place, len(key) + 3)
    assert mistake.title.startswith(f'"{key}" names "{{')
    assert mistake.title.endswith('}", which there is not')


@pytest.mark.parametrize(
    ("fix", "place"),
    [
        pytest.param("{title: '{command.x}', safety: safe, insert-option: --no-cache-dir}", "11:13", id="title"),
        pytest.param("{title: a, safety: safe, replace: {place: option, by: '{option.x}'}}", "11:59", id="replace"),
        pytest.param("{title: a, safety: safe, add-mount: {target: '{directory.x}'}}", "11:50", id="add-mount"),
        pytest.param(
            "{title: a, safety: safe, insert-option: '--a; rm -rf /'}", "11:45", id="an option that is a script"
        ),
        pytest.param(
            "{title: a, safety: safe, insert-option: '--a=$(reboot)'}", "11:45", id="an option that is expanded"
        ),
        pytest.param('{title: a, safety: safe, insert-option: "--a\\nRUN x"}', "11:45", id="an option that is a line"),
        pytest.param(
            "{title: a, safety: safe, insert-variable: 'A=b; reboot'}", "11:47", id="a variable that is a script"
        ),
        pytest.param(
            "{title: a, safety: safe, set-environment: 'A=b C=`d`'}", "11:47", id="an environment that is a script"
        ),
    ],
)
def test_a_fix_that_does_more_than_it_says(tmp_path: Path, fix: str, place: str) -> None:
    (mistake,) = rule_mistakes(tmp_path, f"{GOOD}fixes:\n  - {fix}\n")
    assert f"{mistake.line}:{mistake.column}" == place


@pytest.mark.parametrize(
    "number", ["9" * 400, "9" * 5000, "-" + "9" * 999, "1e400", "1e-400", "0x" + "f" * 500, "1_0", ".inf", ".nan"]
)
def test_huge_numbers(tmp_path: Path, number: str) -> None:
    for key in ("default", "severity", "aliases"):
        (mistake,) = [
            each
            for each in rule_mistakes(tmp_path, f"{GOOD.replace('severity: warning', 'x-y: 1')}{key}: {number}\n")
            if key in each.title and "missing" not in each.title
        ]
        assert (mistake.line, mistake.column) == (10, len(key) + 3)
        assert len(str(mistake)) < 400
    (mistake,) = configuration_mistakes(tmp_path, f"fail-on: {number}\n")
    assert (mistake.line, mistake.column) == (1, 10)
    assert len(str(mistake)) < 400


@timed
def test_a_glob_that_could_backtrack_takes_no_time(tmp_path: Path) -> None:
    glob = "a*" * 60 + "b"
    (tmp_path / "tool.yaml").write_text(
        f"tool: t\nnames: ['{glob}']\ncaches:\n  - title: c\n    filled-by: [{{}}]\n    at: [{{path: /c}}]\n"
    )
    rules = load([tmp_path / "tool.yaml"])
    text = "FROM x\n" + f"RUN {'a' * 3000} install\n" * 20
    start = time.process_time()
    lint(Source("Dockerfile", text.encode()), rules, select(rules.names, ()))
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("/dev/zero", "this is a device"),
        ("/dev/stdin", "this is "),
        ("loop.yaml", "the symbolic link leads back to itself"),
    ],
)
def test_a_rule_file_that_is_none(tmp_path: Path, target: str, message: str) -> None:
    (tmp_path / "loop.yaml").symlink_to(target)
    with pytest.raises(UserError, match=message):
        load([tmp_path / "loop.yaml"])
