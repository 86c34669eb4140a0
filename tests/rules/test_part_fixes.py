"""What the fixes of a user's rule about parts of a file make of it, or why there is none."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from layerlint.documents.yaml_reader import load_yaml
from layerlint.fixing.fixer import apply
from layerlint.linting import lint
from layerlint.rules.selection import Selection
from layerlint.source.source import Source
from tests.rules.test_conditions import RULES, findings, rule

COMMAND = "command: {name: a}"
OPTION = "command: {name: a, option: -x}"
TOOL = "command: {tool: pip, option: --cache-dir}"
CMD = "instruction: {keyword: CMD}"
INSERT, SET = "insert-option: --x", "insert-variable: A=1"
BY_VALUE = "replace: {place: value, by: 'x {value}'}"
BY_EXEC_FORM = "replace: {place: value, by: '{exec-form}'}"
CACHE = "{tool: pip, cache: [left]}"
BY_NAME = "'pip3 install'"
APK = "{tool: apk, cache: [left]}"
UNUSED = "{tool: pip, cache: [off], mounted: true}"
ADD = "RUN apk add --no-cache b"
MISTYPED = "{tool: pip, cache: [left], variable: {names: [PIP_NO_CACHE]}}"
LINKS = "{tool: uv, cache: [left], variable: {names: [UV_LINK_MODE]}}"
ON_MOUNT = "RUN --mount=type=cache,target=/root/.cache"
REMOVED = "RUN pip install b && rm -rf /x/.cache/pip"


def mended(when: str, fix: str, text: str, **more: Any) -> str:
    """A file after the fix of the first finding, or why there is none."""
    made = rule(when, fixes=[{"title": "-", "safety": "safe", **load_yaml(fix, "fix")[0]}], **more)
    found = findings(text, made)[0]
    if found.unfixable:
        return found.unfixable
    return apply(Source("", text.encode()).data, found.fixes[0].edits).decode()


@pytest.mark.parametrize(
    ("when", "fix", "before", "after"),
    [
        pytest.param(COMMAND, INSERT, "RUN a b", "RUN a --x b", id="an option"),
        pytest.param(COMMAND, INSERT, 'RUN ["a", "b"]', 'RUN ["a", "--x", "b"]', id="an option in an exec form"),
        pytest.param(COMMAND, INSERT, 'RUN ["a"]', 'RUN ["a", "--x"]', id="behind the only string"),
        pytest.param(COMMAND, INSERT, 'RUN ["a", \\\n "b"]', 'RUN ["a", "--x", \\\n "b"]', id="in front of a new line"),
        pytest.param("command: {tool: pip}", INSERT, "RUN pip install b", "RUN pip install --x b", id="a tool's option"),
        pytest.param("command: {tool: pip}", INSERT, "RUN /opt/far/bin/pip install \\\n  -U \\\n  b", "RUN /opt/far/bin/pip install \\\n  --x \\\n  -U \\\n  b", id="an option on a line of its own"),
        pytest.param("command: {tool: pip}", INSERT, "RUN pip install  \\\n  -U             \\\n  b", "RUN pip install  \\\n  --x            \\\n  -U             \\\n  b", id="an option where continuations are lined up two blanks behind the first"),
        pytest.param(TOOL, "remove: option", "RUN pip install --cache-dir=/x#y b", "RUN pip install b", id="a word with a # in it less"),
        pytest.param(TOOL, "remove: option", 'RUN ["pip", "install", "--cache-dir=/\\\nx", "b"]', 'RUN ["pip", "install", "b"]', id="a string on two lines less"),
        pytest.param(COMMAND, SET, "RUN x && a b", "RUN x && A=1 a b", id="a variable"),
        pytest.param(COMMAND, SET, "RUN sudo -E a b", "RUN A=1 sudo -E a b", id="a variable that is handed on"),
        pytest.param(OPTION, "remove: option", "RUN a -y -x b", "RUN a -y b", id="an option less"),
        pytest.param(TOOL, "remove: option", "RUN pip install --cache-dir /x b", "RUN pip install b", id="and its value"),
        pytest.param(TOOL, "remove: option", "RUN pip install --cache-dir=/x b", "RUN pip install b", id="an attached value"),
        pytest.param(TOOL, "remove: option", "RUN pip install --cache-di /x b", "RUN pip install b", id="an abbreviation"),
        pytest.param(TOOL.replace("--cache-dir", "-r"), "remove: option", "RUN pip install -rx b", "RUN pip install b", id="a value attached to a letter"),
        pytest.param(TOOL, "remove: option", 'RUN ["pip", "install", "--cache-dir", "/x"]', 'RUN ["pip", "install"]', id="in an exec form"),
        pytest.param(OPTION, "replace: {place: option, by: -z}", "RUN a -x", "RUN a -z", id="another option"),
        pytest.param(TOOL, "replace: {place: option, by: -z}", "RUN pip install --cache-dir /x b", "RUN pip install -z b", id="in the place of an option and its value"),
        pytest.param(TOOL, "replace: {place: option, by: -z}", "RUN pip install --cache-dir=/x b", "RUN pip install -z b", id="in the place of both in one word"),
        pytest.param("mount: {}", "remove: mount", "RUN --mount=target=/a --network=host b", "RUN --network=host b", id="a mount less"),
        pytest.param(CMD, "remove: instruction", "CMD a\nRUN b", "RUN b", id="an instruction less"),
        pytest.param(CMD, "remove: instruction", "RUN b\nCMD a", "RUN b\n", id="the last instruction less"),
        pytest.param(CMD, "remove: instruction", "\nCMD a\n\nRUN b", "\nRUN b", id="a paragraph less"),
        pytest.param(CMD, "remove: instruction", "CMD a\n\nRUN b", "\nRUN b", id="the last line of a paragraph less"),
        pytest.param(CMD, "remove: instruction", "CMD a \\\nb\nRUN b", "RUN b", id="a last line of one letter"),
        pytest.param(CMD, "replace: {place: keyword, by: '{instruction}', case: upper}", "cmd a", "CMD a", id="another case"),
        pytest.param(CMD, BY_VALUE, "CMD a b", "CMD x a b", id="another value"),
        pytest.param(CACHE, f"replace: {{place: command, by: {BY_NAME}}}", "RUN pip install b", "RUN pip3 install b", id="a command that fills a cache"),
        pytest.param(CACHE, f"replace: {{place: command, by: {BY_NAME}, case: upper}}", "RUN pip install b", "RUN PIP3 INSTALL b", id="in another case"),
        pytest.param("{tool: pip, cache: [left], option: [--cache-dir]}", f"replace: {{place: command, by: {BY_NAME}}}", "RUN pip install --cache-dir /x b", "RUN pip3 install --cache-dir /x b", id="a command of which an option is asked"),
        pytest.param(CACHE, INSERT, "RUN --mount=type=cache,target=/x pip install --cache-dir /y b", "RUN --mount=type=cache,target=/x pip install --x b", id="in the place of a directory, beside another mount"),
        pytest.param(CACHE, INSERT, f"{ON_MOUNT.replace('cache,', 'bind,')} pip install --cache-dir /y b", f"{ON_MOUNT.replace('cache,', 'bind,')} pip install --x b", id="beside a mount that is no cache"),
        pytest.param(LINKS, "replace: {place: variable, by: UV_LINK_MODE=copy}", f"ENV UV_LINK_MODE=symlink\n{ON_MOUNT}/uv uv pip install b\nRUN uv pip install c", f"ENV UV_LINK_MODE=copy\n{ON_MOUNT}/uv uv pip install b\nRUN uv pip install c", id="a variable that turns nothing off"),
        pytest.param(APK, "remove: command", f"RUN apk update\n{ADD}", ADD, id="a command that is all of its RUN"),
        pytest.param(APK, "remove: command", f"# c\nRUN apk update\n{ADD}", f"# c\n{ADD}", id="and has a comment above it, for what follows"),
        pytest.param(UNUSED, "remove: mount", f"{ON_MOUNT}/pip/ pip install --no-cache-dir b", "RUN pip install --no-cache-dir b", id="a mount of nobody's"),
        pytest.param(UNUSED, "remove: mount", f"{ON_MOUNT}/pip --mount=type=secret,id=a pip install --no-cache-dir b", "RUN --mount=type=secret,id=a pip install --no-cache-dir b", id="beside a mount without a target"),
        pytest.param("removal: [elsewhere]", "replace: {place: removal, by: '{directory}/X', case: lower}", REMOVED, REMOVED.replace("/x/.cache/pip", "/root/.cache/pip/x"), id="a removal"),
    ],
)  # fmt: skip
def test_a_part_is_mended(when: str, fix: str, before: str, after: str) -> None:
    assert mended(when, fix, f"FROM a\n{before}") == f"FROM a\n{after}"


@pytest.mark.parametrize(
    ("when", "fix", "text", "reason"),
    [
        pytest.param("command: {tool: pip}", INSERT, "RUN pip", "the command does not stand in the file as such", id="no subcommand"),
        pytest.param("{instruction: {keyword: RUN}, any: [{command: {name: a}}, {file: {}}]}", INSERT, "RUN b", "there is no command", id="no command"),
        pytest.param(COMMAND, SET, "RUN sudo -- a b", "what starts the command hands no variable on", id="sudo"),
        pytest.param(COMMAND, SET, 'RUN ["a", "b"]', "an exec form has no place for a variable", id="a variable in an exec form"),
        pytest.param(OPTION, "remove: option", "RUN a -y \\\n # c\n -x b", "there is a comment between the words", id="a comment in front of the option"),
        pytest.param(TOOL, "remove: option", "RUN pip install --cache-dir \\\n # c\n /x b", "there is a comment between the words", id="one behind it"),
        pytest.param(TOOL, "remove: option", 'RUN ["pip", "install", "--cache-dir", \\\n "/x"]', "the strings of the command are on several lines", id="strings on several lines"),
        pytest.param(OPTION, "remove: option", "RUN a -yx b", "-x is written in one word with other options", id="other options in the word"),
        pytest.param(OPTION, "replace: {place: option, by: -z}", "RUN a -xy", "-x is written in one word with other options", id="they would be replaced too"),
        pytest.param(OPTION, "replace: {place: option, by: -z}", 'ENV C="a -x"\nRUN sh -c "$C"', "what is to be replaced does not stand in the file", id="an option that is in a variable"),
        pytest.param("mount: {}", "remove: mount", "RUN --mount=target=/a \\\n # c\n b", "there is a comment behind the mount", id="a comment behind the mount"),
        pytest.param(CMD, "remove: instruction", "# c\nCMD a", "a comment above it may speak of it", id="a comment above the instruction"),
        pytest.param(CMD, "replace: {place: keyword, by: CMD}", "CMD a", "it is written so already", id="written so already"),
        pytest.param(CMD, BY_EXEC_FORM, "CMD a '$b' $c", "the exec-form cannot be written here", id="no exec form of quotes"),
        pytest.param(CMD, BY_EXEC_FORM, "CMD a \\\n b", "what is to be replaced is on several lines, or has a # in it", id="on several lines"),
        pytest.param(CMD, BY_VALUE, "CMD a 'b'", "the value is written with quotes, variables or escapes", id="quotes"),
        pytest.param("stage: {}", "replace: {place: base, by: '{image}:{tag}-slim'}", "RUN b", "the tag cannot be written here", id="a tag that there is not"),
        pytest.param(CACHE, "replace: {place: command, by: '{variable}=1 pip install'}", "RUN pip install b", "the variable cannot be written here", id="a variable that there is not"),
        pytest.param(CACHE, f"replace: {{place: command, by: {BY_NAME}}}", "RUN 'pip' install b", "what is to be replaced is written with quotes or variables", id="a command in quotes"),
        pytest.param(CACHE, "complete-with: --x", "RUN pip install b", "no later command of the RUN looks as if it emptied the cache", id="nothing to complete"),
        pytest.param(CACHE, SET, "RUN A=2 pip install b", "A is set already", id="a variable that is set"),
        pytest.param(CACHE, INSERT, f"{ON_MOUNT} pip install --cache-dir /x b", "without --cache-dir the cache is on a mount", id="a directory that keeps the cache from a mount"),
        pytest.param(MISTYPED, "replace: {place: variable, by: PIP_NO_CACHE_DIR=1}", f"ENV PIP_NO_CACHE=1\n{ON_MOUNT} pip install a\nRUN pip install b", "`pip install` in line 3 needs the cache", id="a variable that would turn off what is on a mount"),
        pytest.param(APK, "remove: command", f"RUN apk update > /log\n{ADD}", "the command has a redirection", id="a RUN that also writes a file"),
        pytest.param(APK, "remove: command", f"ONBUILD RUN apk update\n{ADD}", "the command is all that the RUN does", id="a RUN that is another instruction's"),
        pytest.param(APK, "remove: command", f"RUN <<E\napk update\nE\n{ADD}", "the command is all that the RUN does", id="a RUN that is a here-document"),
        pytest.param(UNUSED, "remove: mount", f"{ON_MOUNT} pip install --no-cache-dir b", "the mount may serve other programs too", id="a mount of more than the cache"),
        pytest.param(UNUSED, "remove: mount", f"{ON_MOUNT}/pip pip install --no-cache-dir b && pip install c", "the mount may serve other programs too", id="a mount that another command uses"),
        pytest.param(CACHE, "replace: {place: mount, by: a}", "RUN pip install b", "what is to be replaced does not stand in the file", id="a place that there is not"),
        pytest.param(CACHE, "replace: {place: command, by: PIP INSTALL, case: lower}", "RUN pip install b", "it is written so already", id="written so already, in this case"),
    ],
)  # fmt: skip
def test_a_part_is_left_as_it_is(when: str, fix: str, text: str, reason: str) -> None:
    assert mended(when, fix, f"FROM a\n{text}") == reason


def test_the_first_line_of_a_file_with_a_byte_order_mark_is_left() -> None:
    when, fix = "instruction: {keyword: ARG}", "remove: instruction"
    assert mended(when, fix, "ARG b\nFROM a") == "FROM a"
    assert mended(when, fix, "\ufeffARG b\nFROM a") == "something else is on the line"


def test_a_file_without_instructions_has_none_to_take_out() -> None:
    made = rule("file: {stages: '0'}", fixes=[{"title": "-", "safety": "safe", "remove": "instruction"}])
    report = lint(Source("", b"# empty\n"), replace(RULES, rules=(made,)), Selection({made.id: made.severity}))
    assert [finding.unfixable for finding in report.findings] == ["there is no instruction"]
