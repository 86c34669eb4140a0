"""Whether a fix changed words only, and not how a file falls into instructions or a script into commands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from layerlint.caches.runs import script_of
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.parser import parse
from layerlint.finding import Edit
from layerlint.shell.plain_syntax import read_plain_script
from layerlint.shell.syntax import TooLongToReadError, syntax_tree
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span


def changed_reading(before: Source, after: Source, edits: Iterable[Edit] = ()) -> str | None:
    """Why `after` is not read as `before` is but for words that changed and ENVs that came; None if it is.

    The same must be: the number of other instructions and their keywords, which are in exec form, the names of their
    here-documents, the number of comments, the escape character, and what is wrong with the file; and the script of a
    RUN that a shell can read, a shell must still be able to read. `edits` are those that were made: one that takes the
    place of a keyword, of all that follows it, or of an instruction means to.
    """
    old, new = parse(before), parse(after)
    meant = sorted(edits)
    gone = [edit for edit in meant if not edit.text]
    if appeared := [problem.message for problem in new.problems[len(old.problems) :]]:
        return f"its fix would break the file: {appeared[0]}"
    stayed = [each for each in old.instructions if not _is_in(each.span, gone)]
    left = _without_added_environment(stayed, new.instructions)
    if len(stayed) != len(left):
        count = f"{len(left)} instead of {len(stayed)}"
        return f"its fix would change the number of instructions: {count}"
    if old.escape != new.escape:
        return "its fix would change the escape character"
    for one, other in zip(stayed, left, strict=True):
        if difference := _difference(one, other, meant):
            return f"its fix would {difference} (line {one.line})"
    if len(old.comments) != len(new.comments):
        return "its fix would turn an instruction's text into a comment, or a comment into text"
    return None


def _without_added_environment(old: Sequence[Instruction], new: Sequence[Instruction]) -> list[Instruction]:
    """The instructions of `new` but for ENVs that `old` has not, as many as there are more."""
    added = len(new) - len(old)
    left: list[Instruction] = []
    for instruction in new:
        counterpart = old[len(left)] if len(left) < len(old) else None
        is_there = counterpart is not None and counterpart.keyword == "ENV" and _same_start(counterpart, instruction)
        if added > 0 and instruction.keyword == "ENV" and not is_there:
            added -= 1
        else:
            left.append(instruction)
    return left


def _same_start(one: Instruction, other: Instruction) -> bool:
    """Whether `other` says what `one` says, or more."""
    return other.text.data.startswith(one.text.data)


def _is_in(span: Span | None, edits: Sequence[Edit]) -> bool:
    """Whether one of `edits`, which are in order and apart from each other, takes the place of all of `span`."""
    if span is None:
        return False
    index = bisect_right(edits, span.start, key=lambda edit: edit.start) - 1
    return index >= 0 and span.end <= edits[index].end


def _difference(one: Instruction, other: Instruction, meant: Sequence[Edit]) -> str:
    """What a fix has done to an instruction that it may not do; empty if it has not."""
    if one.keyword != other.keyword:
        return "" if _is_in(one.keyword_span, meant) else f"change {one.keyword} into {other.keyword}"
    text = one.text.source_span(0, len(one.text.data)) if one.text.data else None
    if (one.exec_form is None) != (other.exec_form is None) and not _is_in(text, meant):
        return f"change the form of {one.keyword} (exec or shell)"
    if [heredoc.name for heredoc in one.heredocs] != [heredoc.name for heredoc in other.heredocs]:
        return f"change the here-documents of {one.keyword}"
    if one.keyword == "RUN" and _breaks_script(one, other):
        return "leave RUN with a script that no shell can read"
    if one.trigger is not None and other.trigger is not None:
        return _difference(one.trigger, other.trigger, meant)
    return ""


def _breaks_script(one: Instruction, other: Instruction) -> bool:
    """Whether a shell can read what RUN `one` runs, and not what `other` does."""
    if one.exec_form is not None or other.exec_form is not None:
        return False
    (before, _), (after, _) = script_of(one), script_of(other)
    # What is no shell to begin with is for another program, or the grammar does not know it.
    return before.data != after.data and not _is_readable(after) and _is_readable(before)


def _is_readable(script: MappedText) -> bool:
    if read_plain_script(script) is not None:
        return True
    try:
        return not syntax_tree(script).has_error
    except TooLongToReadError:
        return False
