"""Options that cannot be given together."""

from __future__ import annotations

from collections.abc import Mapping

from layerlint.errors import Mistake, UserError

_ALL_FINDINGS = "a baseline takes in all findings there are"
_NO_CHANGES = "one notes what is there, the other changes it"

_EXCLUDE_EACH_OTHER = (
    ("--baseline", "--no-baseline", "one asks for a baseline, the other for none"),
    ("--write-baseline", "--baseline", _ALL_FINDINGS),
    ("--write-baseline", "--changed-since", _ALL_FINDINGS),
    ("--write-baseline", "--fix", _NO_CHANGES),
    ("--write-baseline", "--diff", _NO_CHANGES),
    ("--write-baseline", "--add-ignores", "both silence the findings there are"),
    ("--write-baseline", "-", "a baseline knows findings by their file's path, and standard input has none"),
    ("--add-ignores", "--fix", "one silences findings, the other mends them"),
)


def refuse_contradictions(given: Mapping[str, bool]) -> None:
    """Raise UserError, with every pair of options that exclude each other; `given` says which there are."""
    mistakes = [
        Mistake(f"{one} and {other} exclude each other", cause, "leave one out")
        for one, other, cause in _EXCLUDE_EACH_OTHER
        if given[one] and given[other]
    ]
    if given["--changed-since"] and given["-"] and not given["--stdin-filename"]:
        cause = "without a name nothing says what it was before"
        mistakes.append(Mistake("--changed-since and - need a name", cause, "add --stdin-filename PATH"))
    if given["--stdin-filename"] and not given["-"]:
        cause = "it is what standard input is called, and only - reads that"
        step = "write: layerlint check - --stdin-filename PATH"
        mistakes.append(Mistake("--stdin-filename without -", cause, step))
    if mistakes:
        raise UserError(*mistakes)


def refuse_two_configurations(config: str | None, *, isolated: bool) -> None:
    """Raise UserError where a configuration is named and none is to be read."""
    if config is not None and isolated:
        raise UserError(Mistake("--config and --isolated exclude each other", "one reads, the other does not"))
