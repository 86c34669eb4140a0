"""Scripts executed in the abstract, for the tests of this folder."""

from __future__ import annotations

from functools import cache

from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.shell.command import Command
from layerlint.shell.execution import execute
from layerlint.shell.state import State
from layerlint.shell.word import shown
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span, encode


@cache
def rules() -> RuleSet:
    return load()


def commands(script: str, shell: str = "sh", user: str = "", **environment: str) -> tuple[Command, ...]:
    """The programs that `script` starts as root in `/`."""
    source = Source("Dockerfile", encode(script))
    state = State(
        {"HOME": "/root", **environment},
        user=user,
        directory="/",
        shell=shell,
        home_of=lambda user: "/root" if user in {"", "root"} else f"/home/{user}",
    )
    return execute(MappedText.of(source, Span(0, len(source.data))), state, rules().wrappers).commands


def lines(script: str, shell: str = "sh", **environment: str) -> list[str]:
    """The programs with their arguments; `?` in front of those that may not run."""
    return [
        ("" if command.branch.always else "?") + " ".join(shown(word.value) for word in command.words)
        for command in commands(script, shell, **environment)
    ]
