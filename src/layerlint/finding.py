"""What layerlint found, in the form that reporters print and fixing applies. Only data."""

from __future__ import annotations

import enum

from layerlint.errors import written_place
from layerlint.source.source import Source, Span
from layerlint.startup.quick_dataclass import dataclass

FILE_HAS_ERRORS = "the file has errors, and is only fixed once they are mended"
"""Why a finding in such a file has no fix."""


class Severity(enum.StrEnum):
    """How bad a finding is, as the word that users read and write."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """For comparing: 1, 2 or 3, higher is worse."""
        return _RANKS[self]


_RANKS = {Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}


class Safety(enum.StrEnum):
    """Whether a fix may be applied without being looked at."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class FixKind(enum.StrEnum):
    """How a user wants a cache to be kept out of the image, where there is a choice."""

    FLAG = "flag"
    """By an option of the command, or a variable in front of it."""
    MOUNT = "mount"
    """By a cache mount of the RUN."""
    ENV = "env"
    """By a variable of the whole stage."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes from offset `start` up to `end` by `text`. An insertion has `start == end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding: what it does, in the imperative, and its edits, in order and not overlapping."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place in the same file that belongs to a finding, and what it has to do with it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class InstructionPlace:
    """The instruction that a finding is in: lines count from 1, both inclusive; `span` as in `Instruction`."""

    keyword: str
    line: int
    end_line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place.

    `span` is the narrowest place that shows it. `advice` is one sentence on what to write instead. `unfixable` says
    why there is no fix, when the rule has one in general.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    span: Span
    instruction: InstructionPlace | None
    advice: str = ""
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    unfixable: str = ""


@dataclass(frozen=True, slots=True)
class FileError:
    """A file, or a part of it, that could not be read or parsed. `line` and `column` count from 1; 0 is unknown."""

    path: str
    line: int
    column: int
    message: str

    @property
    def place(self) -> str:
        """Where it is, as `path:line:column` or what is known of that."""
        return written_place(self.path, self.line, self.column)


@dataclass(frozen=True, slots=True)
class FileReport:
    """All that is known of one file once it is linted; findings are sorted by place. `source` is None if unreadable.

    `fixed` counts the findings that were mended in the file before this report was made, `comments` the suppression
    comments that were written into it. Left out of `findings` are those that a baseline has, whose fingerprints are
    `baselined`, and those on lines that did not change, which `unchanged` counts.
    `mended` are the bytes of the file with all fixes, or with comments, where those are wanted; None if they are not.
    `fail_on` is the severity from which on findings in it fail the run, None if no finding does.
    """

    path: str
    source: Source | None
    findings: tuple[Finding, ...] = ()
    errors: tuple[FileError, ...] = ()
    fixed: int = 0
    comments: int = 0
    baselined: tuple[str, ...] = ()
    unchanged: int = 0
    mended: bytes | None = None
    fail_on: Severity | None = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals of a run; the numbers are those of `FileReport`."""

    files: int = 0
    findings: int = 0
    fixed: int = 0
    errors: int = 0
    comments: int = 0
    baselined: int = 0
    unchanged: int = 0
