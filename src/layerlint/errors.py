"""What is wrong with what the user gave: options, configuration, rules. Never about a Dockerfile, which is linted."""

from __future__ import annotations

from layerlint.quick_dataclass import dataclass


def written_place(path: str, line: int, column: int) -> str:
    """`path:line:column`, without those that are not known: empty or 0."""
    return ":".join(str(part) for part in (path, line, column) if part)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of the user's: a title, a place, a cause and a next step.

    `path` is empty when the place is the command line; `line` and `column` count from 1, 0 is unknown.
    """

    title: str
    cause: str
    next_step: str = ""
    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = written_place(self.path, self.line, self.column)
        head = f"{place}: error: {self.title}" if place else f"error: {self.title}"
        lines = [head, *(f"  {line}" for line in self.cause.splitlines())]
        if self.next_step:
            lines.append(f"  help: {self.next_step}")
        return "\n".join(lines)


class UserError(Exception):
    """The run cannot start. Holds every mistake that was found, not the first alone; the exit status is 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes
