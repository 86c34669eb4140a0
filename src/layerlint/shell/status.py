"""How commands end: the exit status, as far as it can be known without running them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import eq, ge, gt, le, lt, ne
from typing import ClassVar

from layerlint.shell.word import Word
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """How a command ends: its exit status.

    `SUCCESS` and `FAILURE` are certain. `PRESUMED` is an ordinary command: the build is expected to work, so it is
    taken to succeed. `UNDECIDED` is a question whose answer is not known. If it is known of such a question, `asks` is
    a path with which it has the answer yes when that is there, and `asks_not` one with which it has the answer no.
    """

    name: str
    asks: str = ""
    asks_not: str = ""

    SUCCESS: ClassVar[Status]
    FAILURE: ClassVar[Status]
    PRESUMED: ClassVar[Status]
    UNDECIDED: ClassVar[Status]

    @property
    def undecided(self) -> bool:
        """Whether it is a question whose answer is not known."""
        return self.name == "undecided"

    @property
    def certain(self) -> bool:
        """Whether it is known how it ends."""
        return self is Status.SUCCESS or self is Status.FAILURE

    @property
    def negated(self) -> Status:
        """How `! command` ends."""
        if self.asks or self.asks_not:
            return replace(self, asks=self.asks_not, asks_not=self.asks)
        return {Status.SUCCESS: Status.FAILURE, Status.FAILURE: Status.SUCCESS}.get(self, Status.UNDECIDED)


Status.SUCCESS = Status("success")
Status.FAILURE = Status("failure")
Status.PRESUMED = Status("presumed")
Status.UNDECIDED = Status("undecided")

# Programs whose answer, not whose work, is what they are called for (POSIX.1, Utilities; `which` is Debian's).
QUESTIONS = frozenset({"test", "[", "[[", "grep", "egrep", "fgrep", "which", "type", "hash", "cmp", "diff", "expr"})

_INTEGER_TESTS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": eq, "-ne": ne, "-lt": lt, "-le": le, "-gt": gt, "-ge": ge,
}  # fmt: skip


def evaluate_test(words: Sequence[Word]) -> Status:
    """How `test` with these arguments ends (POSIX.1, test). Questions about files cannot be known."""
    negations = next((index for index, word in enumerate(words) if word.value != "!"), len(words))
    status = _evaluate(words[negations:])
    return status.negated if negations % 2 else status


def _evaluate(arguments: Sequence[Word]) -> Status:
    if not all(word.known for word in arguments):
        return Status.UNDECIDED
    values = [word.value for word in arguments]
    if not values:
        return Status.FAILURE
    if len(values) == 1:
        return _status(bool(values[0]))
    if len(values) == 2 and values[0] in {"-n", "-z"}:
        return _status(bool(values[1]) is (values[0] == "-n"))
    if len(values) == 3:
        return _compare(*values, is_pattern=arguments[2].glob is not None)
    return Status.UNDECIDED


def _compare(left: str, operator: str, right: str, *, is_pattern: bool) -> Status:
    if operator in {"=", "==", "!="} and not is_pattern:
        return _status((left == right) is (operator != "!="))
    if operator in _INTEGER_TESTS and left.isdecimal() and right.isdecimal() and len(left + right) < 30:
        return _status(_INTEGER_TESTS[operator](int(left), int(right)))
    return Status.UNDECIDED


def _status(holds: bool) -> Status:  # noqa: FBT001
    return Status.SUCCESS if holds else Status.FAILURE
