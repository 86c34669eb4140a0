"""What is wrong with what the user gave: options, configuration, rules. Never about a Dockerfile, which is linted."""

from __future__ import annotations

from layerlint.startup.quick_dataclass import dataclass
from layerlint.visible import visible


def written_place(path: str, line: int, column: int) -> str:
    """`path:line:column`, without those that are not known: empty or 0."""
    return ":".join(str(part) for part in (path, line, column) if part)


MAX_SHOWN = 60
"""The most characters that a message shows of what is wrong."""


def shortened(text: str, most: int = MAX_SHOWN) -> str:
    """`text` if it has no more than `most` characters, or the beginning of it, with dots behind it."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


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

    @property
    def lines(self) -> tuple[str, ...]:
        """The mistake as it is printed, made visible: what the user gave does not begin a line of its own."""
        place = written_place(self.path, self.line, self.column)
        head = f"{place}: error: {self.title}" if place else f"error: {self.title}"
        cause = (f"  {self.cause}",) if self.cause else ()
        step = (f"  help: {self.next_step}",) if self.next_step else ()
        return tuple(map(visible, (head, *cause, *step)))

    def __str__(self) -> str:
        return "\n".join(self.lines)


MAX_MISTAKES = 100
"""Of one kind, in one file. More than that a machine has made, and saying what was meant takes time for each."""


def and_more(number: int, path: str) -> tuple[Mistake, ...]:
    """What is said in place of those behind the first `MAX_MISTAKES`, if a file has a greater `number` of mistakes."""
    left = number - MAX_MISTAKES
    if left <= 0:
        return ()
    mistakes = "1 more mistake" if left == 1 else f"{left:,} more mistakes"
    return (Mistake(mistakes, f"only the first {MAX_MISTAKES} are said", "", path),)


class UserError(Exception):
    """The run cannot start. Holds every mistake that was found, not the first alone; the exit status is 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes
