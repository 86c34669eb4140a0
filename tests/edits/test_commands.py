"""A variable in front of a command, a command out of its chain: where that can be done, and where not."""

from __future__ import annotations

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.edits.commands import Statements, put_in_front, remove_command, take_from_front
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.rules.facts.scene import Scene
from layerlint.rules.loading import load
from layerlint.shell.command import Command
from layerlint.source.source import Source, Span

KNOWLEDGE = load().knowledge


def pip_in(run: str, before: str = "") -> tuple[Source, Command, Statements]:
    """A file with this RUN, its (first) pip, and all that its shell reads."""
    source = Source("Dockerfile", f"FROM a\n{before}RUN {run}\n".encode())
    dockerfile = parse(source)
    (found,) = read_runs(dockerfile, KNOWLEDGE)
    command = next(command for command in found.commands if command.name == "pip")
    return source, command, Scene(dockerfile, (found,), {}).statements(found)


def applied(source: Source, edit: Edit) -> str:
    text = source.data.decode()
    return (text[: edit.start] + edit.text + text[edit.end :]).partition("RUN ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("pip install x", "A=1 pip install x", id="alone"),
        pytest.param("true && sudo -E pip install x", "true && A=1 sudo -E pip install x", id="in front of a wrapper"),
        pytest.param("B=2 pip install x", "B=2 A=1 pip install x", id="behind another variable"),
        pytest.param("sudo pip install x", "sudo A=1 pip install x", id="behind what would clear it"),
        pytest.param(
            "sudo -Hu app python -m pip install x", "sudo -Hu app A=1 python -m pip install x", id="and options"
        ),
        pytest.param("B=2 sudo C=3 nice pip install x", "B=2 sudo C=3 A=1 nice pip install x", id="and variables"),
        pytest.param("sudo env -i pip install x", "sudo env -i A=1 pip install x", id="behind two that would"),
        pytest.param("su - -c 'nice pip install x'", "su - -c 'A=1 nice pip install x'", id="in a script behind that"),
        pytest.param("sudo sh -c 'pip install x'", "sudo sh -c 'A=1 pip install x'", id="in a script"),
    ],
)
def test_a_variable_in_front(run: str, expected: str) -> None:
    source, command, _ = pip_in(run)
    assert applied(source, put_in_front(command, "A=1", source)) == expected


HANDS_NONE_ON = "what starts the command hands no variable on"
NOT_IN_THE_FILE = "the command does not stand in the file as such"


@pytest.mark.parametrize(
    ("run", "before", "reason"),
    [
        pytest.param('["pip", "install", "x"]', "", "an exec form has no place for a variable", id="an exec form"),
        pytest.param("$P x", 'ENV P="pip install"\n', NOT_IN_THE_FILE, id="out of a variable of several words"),
        pytest.param("sudo -- pip install x", "", HANDS_NONE_ON, id="behind what would clear it, and takes none"),
        pytest.param(
            '["sudo", "pip", "install", "x"]', "", "an exec form has no place for a variable", id="and a wrapper"
        ),
        pytest.param('sh -c "$P"', 'ENV P="pip install x"\n', NOT_IN_THE_FILE, id="out of a variable's script"),
    ],
)
def test_no_variable_in_front(run: str, before: str, reason: str) -> None:
    source, command, script = pip_in(run, before)
    with pytest.raises(CannotFixError) as refused:
        put_in_front(command, "A=1", source)
    assert str(refused.value) == reason
    with pytest.raises(CannotFixError):
        remove_command(command, script, source)


def test_a_variable_is_taken_from_the_front_only() -> None:
    source, command, _ = pip_in("A=1 pip install x")
    start = source.data.index(b"A=1")
    assert applied(source, take_from_front(command, Span(start, start + 3), "A", source)) == "pip install x"
    for other, place in (("export A=1; pip install x", b"A=1"), ("A=1 B=2 pip install x", b"A=1")):
        source, command, _ = pip_in(other)
        start = source.data.index(place)
        with pytest.raises(CannotFixError, match="A turns the cache off for another command of the RUN"):
            take_from_front(command, Span(start, start + 3), "A", source)
    source, command, _ = pip_in('["pip", "install", "x"]')
    with pytest.raises(CannotFixError, match="another command"):
        take_from_front(command, Span(0, 4), "A", source)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("pip install x && b", "b", id="the first"),
        pytest.param("a && pip install x && b", "a && b", id="in the middle"),
        pytest.param("a && pip install x", "a", id="the last"),
        pytest.param("a \\\n && pip install x \\\n && b", "a \\\n && b", id="on a line of its own"),
        pytest.param("a && \\\n  pip install x && \\\n  b", "a && \\\n  b", id="operators at the ends of lines"),
        pytest.param("a \\\n && pip install x \\\n # b\n\n && b", "a \\\n # b\n\n && b", id="a comment behind it"),
        pytest.param("a; pip install x && b", "a; b", id="of the second statement"),
        pytest.param("a && b && pip install x && c || d", "a && b && c || d", id="in front of an alternative"),
        pytest.param("pip install x && a && b; c", "a && b; c", id="of three"),
    ],
)
def test_out_of_a_chain(run: str, expected: str) -> None:
    source, command, script = pip_in(run)
    assert applied(source, remove_command(command, script, source)) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param("pip install x; b", "b", id="the first"),
        pytest.param("a; pip install x;b", "a; b", id="in the middle"),
        pytest.param("a; pip install x", "a", id="the last"),
        pytest.param("a; pip install x;", "a;", id="the last, with a semicolon"),
        pytest.param("pip install x; \\\n  b", "b", id="on lines"),
        pytest.param("a \\\n ; \\\n pip install x \\\n ; \\\n b", "a \\\n ; \\\n b", id="operators on lines"),
        pytest.param("<<E\npip install x\nb\nE", "<<E\nb\nE", id="a line"),
        pytest.param("<<E\na\n  pip install x;\nb\nE", "<<E\na\nb\nE", id="a line with a semicolon"),
        pytest.param("<<E\na\npip install x\nE", "<<E\na\nE", id="the last line"),
        pytest.param("<<E\n# c\npip install x\nb\nE", "<<E\n# c\nb\nE", id="the first of what a comment speaks of"),
        pytest.param("<<E\na\n\npip install x\n\nb\nE", "<<E\na\n\nb\nE", id="a paragraph"),
        pytest.param("<<E\na; pip install x\nb\nE", "<<E\na\nb\nE", id="the last of a line"),
        pytest.param("<<E\npip install x; a\nb\nE", "<<E\na\nb\nE", id="the first of a line"),
        pytest.param("<<E\na\npip install x && b\nE", "<<E\na\nb\nE", id="of a chain on a line"),
        pytest.param("<<E\npip install \\\n  x\nb\nE", "<<E\nb\nE", id="two lines"),
    ],
)
def test_out_of_a_list(run: str, expected: str) -> None:
    source, command, script = pip_in(run)
    assert applied(source, remove_command(command, script, source)) == expected


@pytest.mark.parametrize(
    "run",
    ["pip install x", "a & pip install x", "a; B=1 pip install x; b", "<<E\npip install x\nE",
     "<<E\npip install x\n# all\nE", "<<E\na\n# c\npip install x\n\nb\nE",
     "a; pip install x || b; c", "a; ! pip install x; c",
     "if a; then pip install x; fi; b", "<<E\nif a; then\n  pip install x\nfi\nE", "a || pip install x && b",
     "a; pip install x \\\n # c\n && b", "a || pip install x", "a && pip install x || b",
     "a && pip install x | b", "a | pip install x && b", "if a; then pip install x && b; fi",
     "a && pip install x > /tmp/log", "a && pip install x & b"],
)  # fmt: skip
def test_not_out_of_what_is_around_it(run: str) -> None:
    source, command, script = pip_in(run)
    with pytest.raises(CannotFixError):
        remove_command(command, script, source)


def test_the_statements_of_a_script_are_found_once() -> None:
    """A script of many commands that are taken out is read as often as one with a single one."""
    dockerfile = parse(Source("Dockerfile", b"FROM a\nRUN pip install x; pip install y\n"))
    (found,) = read_runs(dockerfile, KNOWLEDGE)
    scene = Scene(dockerfile, (found,), {})
    assert scene.statements(found) is scene.statements(found)
    assert scene.statements(found).nodes is scene.statements(found).nodes
