"""What must be true of every file that was fixed, whatever it is and whichever way was chosen."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import replace

from layerlint.finding import FileReport, FixKind, Severity
from layerlint.fixing.fixer import Fixed, fix_until_stable
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import Selection, select
from layerlint.source.source import Source
from tests.dockerfile.buildkit import Reading, read_by_buildkit

RULES = load()

# Words that fixes insert, change or take out, and what is between words in both forms. All else stays.
_FIXES = [fix for rule in RULES.rules for case in rule.all_cases for fix in case.fixes or ()]
_OPTIONS = sorted({said.encode() for fix in _FIXES for said in (fix.insert_option, fix.complete_with) if said})
_COMMANDS = sorted({re.escape(fix.append_command.encode()) for fix in _FIXES if fix.append_command}, key=len)[::-1]
_ASKING = [command.replace(rb"\{program\}", rb"[\w./-]*") for command in _COMMANDS if rb"\$\(" in command]
# It may be behind the paths of a removal that is there already.
_ASKED = [command[command.index(b'"') :] for command in _ASKING]
_VARIABLES = sorted(
    {said.partition("=")[0].encode() for fix in _FIXES for said in (fix.insert_variable, fix.set_environment) if said}
)
# A mount takes out what would empty it.
_EMPTYING = sorted(
    {
        rf"[\w./$\{{\}}-]*{re.escape(' '.join([name, subcommand, *use.arguments]))}(?:[ ]+-[\w-]+)*".encode()
        for tool in RULES.tools
        for cache in tool.caches
        for use in cache.emptied_by
        for name in tool.names
        for subcommand in use.subcommand
        if subcommand
    }
)
_MEANT = re.compile(
    rb"""(?m:^[ ]*[Rr][Uu][Nn][ ]+(?:apk|apt|apt-get)(?:[ ]-[\w-]+)*[ ]update(?:[ ]-[\w-]+)*[ \t]*\r?$)
      | (?:sudo[ ](?:-E[ ])?)?(?:"""
    + b"|".join((*_ASKING, *_ASKED))
    + rb""")(?:[ ]/[\w./~*-]+)*
      | (?:(?:sudo[ ](?:-E[ ])?)?rm(?:(?:",)?[ ]"?-[rRf]+)?|pip[ ]cache[ ]purge)
        (?:[ ]*(?:"\$\([\w ./-]+\)"|[\w./~*"${}-])+)*
      | (?:--update(?:-cache)?|(?<=[ ])-U)(?![\w-])
      | --no-cache-dir[\w=]*|--no-cache(?:-di?)?(?![\w-])|--cache-dir(?:[= ]|",[ ]?")?[\w./$~{}]*
      | (?:"""
    + b"|".join(_OPTIONS)
    + rb""")(?![\w-])
      | (?:;[\\`\s]*)?(?:"""
    + b"|".join(_COMMANDS).replace(rb"\{directory\}", rb"[\w./~*-]*").replace(rb"\{program\}", rb"\"?[\w./${}-]*\"?")
    + rb""")(?:[ ]/[\w./~*-]+)*
      | (?:"""
    + b"|".join(_EMPTYING)
    + rb""")
      | (?:[Ee][Nn][Vv][ \t]+)?(?:PIP_NO_CACHE|"""
    + b"|".join(_VARIABLES)
    + rb""")(?:_DIR)?[= ]?[\w./-]*
      | (?:apk|apt|apt-get|dnf|yum|zypper)(?:[ ]-[\w-]+)*[ ](?:update|clean)(?:[ ](?:-[\w-]+|all))*
      | (?:--mount=)?type=cache,[\w=,./~@:+-]*|--mount=
      | &&|[\\`^",;\s]""",
    re.VERBOSE,
)


_COMMENT = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)
_RUN = re.compile(rb"^[ \t]*RUN[ \t]+", re.MULTILINE | re.IGNORECASE)
_TRAILING_BLANKS = re.compile(rb"[ \t]+(?=\r?\n|\Z)")


def selection(fix_with: FixKind) -> Selection:
    return replace(select(RULES.names, ()), fix_with=fix_with)


def fixed(source: Source, fix_with: FixKind, *, unsafe: bool) -> tuple[FileReport, Fixed]:
    """The report before, and the file fixed."""
    chosen = selection(fix_with)

    def linted(changed: Source) -> FileReport:
        return lint(changed, RULES, chosen)

    before = linted(source)
    return before, fix_until_stable(source, lambda new: before if new is source else linted(new), unsafe=unsafe)


def assert_fixed_well(source: Source, fix_with: FixKind, *, unsafe: bool) -> Fixed:
    """Fix a file and hold what came of it against what was promised."""
    result = assert_settled(source, fix_with, unsafe=unsafe)
    assert_same_but_for_the_meant_words(source.data, result.source.data)
    return result


def assert_settled(source: Source, fix_with: FixKind, *, unsafe: bool) -> Fixed:
    """Fix a file: that brings no finding that was not there and no error, and doing it again changes nothing."""
    before, result = fixed(source, fix_with, unsafe=unsafe)
    after = result.source
    name = (source.path, fix_with)
    assert bool(result.report.errors) == bool(before.errors), (name, result.report.errors)

    # What a later round applied was not there before.
    gone = Counter(finding.rule for finding in result.applied if finding in before.findings)
    expected = Counter(finding.rule for finding in before.findings) - gone
    left = Counter(finding.rule for finding in result.report.findings)
    # A command that stopped and is mended has the findings of one that works.
    if not any(finding.severity is Severity.ERROR for finding in result.applied):
        assert left <= expected, f"{name}: new findings, {left - expected}"

    _, again = fixed(after, fix_with, unsafe=unsafe)
    assert again.source.data == after.data, f"{name}: fixing again changes something"
    return result


def assert_same_but_for_the_meant_words(before: bytes, after: bytes) -> None:
    if before == after:
        return
    joins = len(_RUN.findall(after)) < len(_RUN.findall(before))
    assert _words(after, joins=joins) == _words(before, joins=joins)
    for ending in (b"\r\n", b"\n"):
        others = before.replace(b"\r\n", b"") if ending == b"\n" else before
        if ending not in others and b"\n" in before:
            assert ending not in (after.replace(b"\r\n", b"") if ending == b"\n" else after), "another line ending"
    assert before.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")
    assert before.endswith(b"\n") == after.endswith(b"\n")
    assert_white_space_survives(before, after)
    try:
        readings = read_by_buildkit(before), read_by_buildkit(after)
    except UnicodeDecodeError:
        return
    assert (readings[0] is None) == (readings[1] is None)
    if readings[0] is not None and readings[1] is not None:
        assert _comparable(readings[0], joins=joins) == _comparable(readings[1], joins=joins)


def _words(data: bytes, *, joins: bool) -> tuple[bytes, list[bytes]]:
    """What no fix means to change, and the comments that are not where they were to it.

    Where RUNs have been joined, the keyword of one is gone as well, and its commands are behind the comments between.
    """
    if not joins:
        return _MEANT.sub(b"", data), []
    comments = [comment.strip() for comment in _COMMENT.findall(data)]
    return _MEANT.sub(b"", _RUN.sub(b"", _COMMENT.sub(b"", data))), comments


def assert_white_space_survives(before: bytes, after: bytes) -> None:
    """No line ends in more white space than it did; white space is only gone from the ends of lines that are gone."""
    kept, there = (Counter(_TRAILING_BLANKS.findall(data)) for data in (before, after))
    assert there <= kept, "more white space at the ends of lines"
    if there != kept:
        lines = difflib.SequenceMatcher(None, before.split(b"\n"), after.split(b"\n"), autojunk=False)
        gone = sum(max(0, (i2 - i1) - (j2 - j1)) for tag, i1, i2, j1, j2 in lines.get_opcodes() if tag != "insert")
        gone += len(_RUN.findall(before)) - len(_RUN.findall(after))  # one that was joined is no line of its own
        assert (kept - there).total() <= gone, "less white space at the ends of lines"


def _comparable(readings: list[Reading], *, joins: bool) -> list[tuple[object, ...]]:
    """What BuildKit reads, without lines, and without the words that fixes change.

    With `joins`, RUNs that do no more than run commands one after another are the same as one RUN of all of them.
    """
    comparable: list[tuple[object, ...]] = []
    for reading in readings:
        values = list(reading.values)
        if reading.keyword == "ENV":  # names and values in turn
            pairs = zip(values[::2], values[1::2], strict=True)
            values = [word for name, value in pairs if _without(name) for word in (name, value)]
            if not values:
                continue
        meant = [_without(" ".join(values))]
        if reading.keyword == "RUN" and not meant[0] and not reading.heredocs:
            continue
        if joins and reading.keyword == "RUN" and comparable and comparable[-1][0] == "RUN":
            is_plain = not (reading.flags or reading.heredocs or reading.is_exec_form)
            if is_plain and comparable[-1][2:4] == (False, []) and not comparable[-1][5]:
                meant = [str(comparable.pop()[4][0]) + meant[0]]  # type: ignore[index]
        flags = [flag for flag in reading.flags if "type=cache" not in flag]
        heredocs = [(name, descriptor, _without(text)) for name, descriptor, text in reading.heredocs]
        comparable.append((reading.keyword, reading.trigger, reading.is_exec_form, flags, meant, heredocs))
    return comparable


def _without(text: str) -> str:
    return _MEANT.sub(b"", text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
