"""Comments that silence findings: layerlint's own, and hadolint's through the rules' aliases.

    # layerlint: ignore=PIP001,PIP002 why          above an instruction, or inside it on a line of its own
    # layerlint: ignore-file=PIP001 why            anywhere in the file
    # hadolint ignore=DL3042                       as above; hadolint itself only reads it on the line before
    # hadolint global ignore=DL3042                anywhere
    # hadolint stage ignore=DL3042                 above a FROM, for its stage

What hadolint accepts was measured with hadolint 2.15: lower-case words, upper-case ids, any white space between the
parts, and nothing after the ids but another `#`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import islice

from layerlint.dockerfile.instruction import Comment, Dockerfile, Instruction
from layerlint.finding import Finding
from layerlint.rules.selection import Rule, RuleNames
from layerlint.source.source import Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

UNUSED_SUPPRESSION = "LL001"
"""The id of the rule that reports what this module finds wrong. Its texts stand with the other rules."""

_OWN = lazy_pattern(rb"#+[ \t]*layerlint[ \t]*:[ \t]*(ignore-file|ignore)\b[ \t]*(=?)[ \t]*", re.IGNORECASE)
_OWN_ID = lazy_pattern(rb"([A-Za-z][\w-]*)[ \t]*(,?)[ \t]*", re.ASCII)
# What other linters' comments say, and ours without the colon: it looks as if it suppressed something.
_MISSPELT = lazy_pattern(
    rb"#+[ \t]*(layerlint[ \t]*(:?)[ \t]*(ignored?|ignore-[\w-]+|disable[\w-]*|suppress|skip|noqa|nolint|off|allow)\b)"
    rb"[ \t]*(?:[=:]|[A-Z]{2,}[0-9]{3,}|$)",
    re.IGNORECASE,
)
# What stands behind our word where the equals sign should be.
_NO_EQUALS = lazy_pattern(rb"[: \t]*([A-Za-z]{2,}[0-9]{3,})\b")
# A comment behind something else on its line.
_BEHIND = lazy_pattern(rb"(?<=[ \t])#+[ \t]*layerlint\b", re.IGNORECASE)
_HADOLINT = lazy_pattern(
    rb"#\s*hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*([A-Z0-9]+(?:\s*,\s*[A-Z0-9]+)*)\s*(?:#.*)?"
)
_HADOLINT_ID = lazy_pattern(rb"[A-Z0-9]+")
_MAX_LOOKED_UP = 50
"""Unknown ids of a file for which a rule is looked for that may be meant, which takes longer than all the rest."""


@dataclass(frozen=True, slots=True)
class Unused:
    """A suppression of ours that suppresses nothing: the very id, where it stands, and why it does nothing."""

    word: str
    span: Span
    message: str
    advice: str


@dataclass(slots=True)
class _Suppression:
    """One id of one comment: the bytes of the file that it speaks of (None if there are none), and its use.

    `fault` is a message and an advice where the comment itself is wrong.
    """

    word: str
    span: Span
    comment: Span
    scope: Span | None
    own: bool
    fault: tuple[str, str] | None = None
    rule: str | None = None
    used: bool = False


def suppress(
    dockerfile: Dockerfile, findings: Iterable[Finding], names: RuleNames[Rule], enabled: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Unused, ...]]:
    """The findings that no comment silences, and the comments of ours that silence nothing, in the file's order.

    `names` are those of all rules that there are; `enabled` the ids of those that ran. A suppression of a rule that did
    not run may well be needed when it runs, and is not reported; nor is hadolint's, which has a verdict of its own.
    """
    findings = tuple(findings)
    suppressions = list(_read(dockerfile))
    if not suppressions:
        return findings, ()
    for suppression in suppressions:
        rule = names.named(suppression.word)
        suppression.rule = rule.id if rule is not None else None
        if suppression.rule == UNUSED_SUPPRESSION and suppression.scope is not None:
            # What is reported are comments, the one that this stands in among them.
            start = min(suppression.scope.start, suppression.comment.start)
            suppression.scope = Span(start, suppression.scope.end)
    by_rule: dict[str | None, list[_Suppression]] = {}
    for suppression in suppressions:
        by_rule.setdefault(suppression.rule, []).append(suppression)
    silenced = {
        rule: _silenced((finding.span for finding in findings if finding.rule == rule), speaking)
        for rule, speaking in by_rule.items()
    }
    kept = tuple(finding for finding in findings if finding.span.start not in silenced.get(finding.rule, ()))
    idle = [suppression for suppression in suppressions if _is_idle(suppression, enabled)]
    unknown = dict.fromkeys(suppression.word for suppression in idle if suppression.rule is None)
    near = {word: names.nearest(word) for word in islice(unknown, _MAX_LOOKED_UP)}
    unused = [_unused(suppression, near) for suppression in idle]
    quiet = _silenced((problem.span for problem in unused), by_rule.get(UNUSED_SUPPRESSION, ()))
    return kept, tuple(problem for problem in unused if problem.span.start not in quiet)


def _silenced(places: Iterable[Span], suppressions: Iterable[_Suppression]) -> Collection[int]:
    """Where those of `places` start that `suppressions` speak of. All that do are marked as used."""
    # Goes through the file once: a file may hold thousands of both.
    waiting = [(one.scope.start, one.scope.end, one) for one in suppressions if one.scope is not None]
    waiting.sort(key=lambda item: item[0])
    ends: list[int] = []
    unused: list[tuple[int, _Suppression]] = []
    silenced: set[int] = set()
    following = 0
    for start in sorted({place.start for place in places}):
        while following < len(waiting) and waiting[following][0] <= start:
            heappush(ends, waiting[following][1])
            unused.append(waiting[following][1:])
            following += 1
        while ends and ends[0] <= start:
            heappop(ends)
        if ends:
            silenced.add(start)
            for end, suppression in unused:
                suppression.used = suppression.used or end > start
            unused.clear()
    return silenced


def _is_idle(suppression: _Suppression, enabled: Collection[str]) -> bool:
    if suppression.used or not suppression.own or suppression.rule == UNUSED_SUPPRESSION:
        return False
    return suppression.rule is None or suppression.rule in enabled


def _unused(suppression: _Suppression, near: Mapping[str, str]) -> Unused:
    """What is said of a suppression; `near` has what was probably meant by a word that names no rule."""
    word, span = suppression.word, suppression.span
    if suppression.fault is not None:
        return Unused(word, span, *suppression.fault)
    if not word:
        return Unused(word, span, "this suppression names no rule", "write ignore=RULE, or take the comment out")
    if suppression.rule is None:
        meant = near.get(word)
        advice = f"did you mean {meant}?" if meant else "`layerlint rules` lists the rules there are"
        return Unused(word, span, f"there is no rule {word} to suppress", advice)
    if suppression.scope is None:
        advice = "put it on the line above an instruction, or write ignore-file"
        return Unused(word, span, f"no instruction follows this suppression of {word}", advice)
    return Unused(word, span, f"this suppression of {word} suppresses nothing", "take it out")


def _read(dockerfile: Dockerfile) -> Iterator[_Suppression]:
    scopes = _Scopes(dockerfile)
    data = dockerfile.source.data
    for comment in _comments(dockerfile):
        start, end = comment.span.start, comment.span.end
        text = data[start:end]
        if own := _OWN.match(text):
            scope = scopes.file if own[1].lower() == b"ignore-file" else scopes.of(comment)
            fault = _without_equals(text, own)
            for offset, word in _own_ids(text, own):
                span = Span(start + offset, start + offset + len(word))
                yield _Suppression(word, span, comment.span, scope, own=True, fault=fault)
        elif theirs := _HADOLINT.fullmatch(text):
            scope = scopes.file if theirs[1] == b"global" else scopes.of(comment)
            if theirs[1] == b"stage":
                scope = scopes.stage(comment)
            for match in _HADOLINT_ID.finditer(theirs[2]):
                at = start + theirs.start(2)
                yield _Suppression(
                    decode(match[0]), Span(at + match.start(), at + match.end()), comment.span, scope, own=False
                )
        elif b"ayerlint" in text and (misspelt := _MISSPELT.match(text)):
            span = Span(start + misspelt.start(1), start + misspelt.end(1))
            fault = _misspelt(misspelt)
            yield _Suppression(decode(misspelt[1]), span, comment.span, scopes.of(comment), own=True, fault=fault)
    yield from _behind_something(dockerfile)


def _without_equals(text: bytes, directive: re.Match[bytes]) -> tuple[str, str] | None:
    """What is wrong with a comment of ours that names a rule, and has no equals sign in front of it."""
    named = _NO_EQUALS.match(text, directive.end()) if not directive[2] else None
    if named is None:
        return None
    word = decode(directive[1])
    return f"this suppression of {decode(named[1])} suppresses nothing", f"write `{word}={decode(named[1])}`, with an ="


def _misspelt(comment: re.Match[bytes]) -> tuple[str, str]:
    """What is wrong with a comment that looks as if it were ours."""
    word = decode(comment[3])
    right = "ignore-file" if word.lower() == "ignore-file" else "ignore"
    needed = [] if comment[2] else ["a colon"]
    needed += [] if word.lower() == right else [f"`{right}` for `{word}`"]
    advice = f"write `# layerlint: {right}=RULE`, with {' and '.join(needed)}"
    return f"`# {decode(comment[1])}` suppresses nothing", advice


def _behind_something(dockerfile: Dockerfile) -> Iterator[_Suppression]:
    """Comments of ours that stand behind something else on a line: to Docker they are a part of that."""
    data = dockerfile.source.data
    for match in _BEHIND.finditer(data) if b"ayerlint" in data else ():
        start = data.rfind(b"\n", 0, match.start()) + 1
        end = data.find(b"\n", match.start())
        text = data[match.start() : end if end >= 0 else len(data)]
        before = data[start : match.start()]
        own = _OWN.match(text)
        # In quotes it is text that somebody wants, and behind another # a part of a comment.
        is_text = b"#" in before or before.count(b'"') % 2 or before.count(b"'") % 2
        if own is None or is_text or not before.strip() or _is_in_a_file(dockerfile, match.start()):
            continue
        for offset, word in _own_ids(text, own):
            span = Span(match.start() + offset, match.start() + offset + len(word))
            message = f"this suppression of {word or 'no rule'} stands behind a command, where it suppresses nothing"
            fault = message, "put it on a line of its own above the instruction"
            yield _Suppression(word, span, Span(match.start(), match.end()), None, own=True, fault=fault)


def _is_in_a_file(dockerfile: Dockerfile, offset: int) -> bool:
    """Whether what stands there is what COPY or ADD write to a file."""
    heredocs = (
        heredoc
        for instruction in dockerfile.instructions
        if instruction.keyword != "RUN"
        for heredoc in (instruction.trigger or instruction).heredocs
    )
    return any(heredoc.span.start <= offset < heredoc.span.end for heredoc in heredocs)


def ignored_ids(comment: bytes) -> tuple[frozenset[str], int]:
    """The ids in a comment `# layerlint: ignore=PIP001`, and the offset at which `,PIP002` may be inserted.

    Any other comment has none.
    """
    own = _OWN.match(comment)
    if own is None or own[1].lower() == b"ignore-file":
        return frozenset(), 0
    ids = list(_own_ids(comment, own))
    offset, last = ids[-1]
    return frozenset(word for _, word in ids if word), offset + len(last)


def ignore_comment(ids: Iterable[str]) -> str:
    """The comment that silences the rules `ids` for the instruction below it."""
    return f"# layerlint: ignore={','.join(ids)}"


def _own_ids(text: bytes, directive: re.Match[bytes]) -> Iterator[tuple[int, str]]:
    """The ids after `ignore=`, with their offsets. Without any, the offset of the directive and an empty id."""
    offset = directive.end()
    match = _OWN_ID.match(text, offset) if directive[2] else None
    if match is None:
        yield 0, ""
    while match is not None:
        yield match.start(), decode(match[1])
        # What follows an id without a comma is the reason.
        match = _OWN_ID.match(text, match.end()) if match[2] else None


def _comments(dockerfile: Dockerfile) -> Iterator[Comment]:
    """The comment lines, and those of scripts in here-documents, which are no comments to Docker but are to people."""
    yield from dockerfile.comments
    source = dockerfile.source
    for instruction in dockerfile.instructions:
        if instruction.keyword != "RUN":
            continue
        for heredoc in instruction.heredocs:
            first, last = source.line_at(heredoc.span.start), source.line_at(heredoc.span.end)
            for line in range(first, last + 1):
                span = source.line_span(line)
                text = source.data[span.start : span.end]
                if (stripped := text.lstrip()).startswith(b"#"):
                    yield Comment(line, Span(span.end - len(stripped), span.end))


class _Scopes:
    """What the comments of a file speak of."""

    def __init__(self, dockerfile: Dockerfile) -> None:
        self.file = Span(0, len(dockerfile.source.data) + 1)
        self._instructions = dockerfile.instructions
        self._lines = [instruction.line for instruction in dockerfile.instructions]
        self._stage_starts = [each.span.start for each in dockerfile.instructions if each.keyword == "FROM"]
        # For each comment line the last line of the block of comment lines that it is in.
        self._block_ends: dict[int, int] = {}
        for line in sorted((comment.line for comment in dockerfile.comments), reverse=True):
            self._block_ends[line] = self._block_ends.get(line + 1, line)

    def instruction(self, comment: Comment) -> Instruction | None:
        """The instruction that the comment is in, or directly above with nothing but comments between."""
        index = bisect_right(self._lines, comment.line) - 1
        if index >= 0 and comment.line <= self._instructions[index].end_line:
            return self._instructions[index]
        if index + 1 == len(self._instructions):
            return None
        following = self._instructions[index + 1]
        return following if self._block_ends.get(comment.line) == following.line - 1 else None

    def of(self, comment: Comment) -> Span | None:
        """The bytes of that instruction."""
        instruction = self.instruction(comment)
        return Span(instruction.span.start, instruction.span.end + 1) if instruction else None

    def stage(self, comment: Comment) -> Span | None:
        """The bytes of the stage whose FROM that instruction is."""
        instruction = self.instruction(comment)
        if instruction is None or instruction.keyword != "FROM":
            return None
        following = bisect_right(self._stage_starts, instruction.span.start)
        starts = (*self._stage_starts[following : following + 1], self.file.end)
        return Span(instruction.span.start, starts[0])
