"""The walk over one RUN: where it is, how deep, and what it has found. The kinds of nodes have their own modules."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from layerlint.shell.command import Branch, Command, Condition, Redirection
from layerlint.shell.ending import End, Scope, Skips
from layerlint.shell.state import State, Variable
from layerlint.shell.status import Status
from layerlint.shell.syntax import MAX_NESTING, NestingTooDeepError, TooManyStepsError, syntax_tree
from layerlint.shell.word import UNKNOWN, Word, program_name
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node

    from layerlint.shell.wrappers import Wrappers

# How far one RUN is followed, with what is in a loop or a function counted each time: loops in loops need not end.
# Of 10,000 RUNs that people wrote, the longest takes 1,200 steps.
MAX_STEPS = 40_000
# In characters. A command or value that is longer than this takes more than one step, since it takes as much more time.
_STEP_LENGTH = 32

# Named nodes and tokens below a statement list that are no statements.
_NO_STATEMENTS = frozenset(
    {";", "&", "\n", ";;", "comment", "(", ")", "{", "}", "`", "$(", "<(", ">(", "do", "done", "then", "else", "elif"}
)

_UNKNOWN_BYTE = UNKNOWN.encode()
# What stands in a value for a part that is not known; `$?` is a part of a script whose value is not known either.
_UNKNOWN_PART = lazy_pattern(rb"\x00(?:\x02[^\x03]*\x03)?")
_UNKNOWN_EXPANSION = MappedText.unmapped(b"$?")

Visitor = Callable[["Walk", "Node", State, Branch, bool], Status]
Way = Callable[[State, Branch], Status]
"""Follows one of the ways that a script can go."""


class Operand(Protocol):
    """Follows one of the commands of a list or a pipeline."""

    def __call__(self, state: State, branch: Branch, /, *, tail: bool) -> Status:
        """As `Walk.visit`."""


class Reader(Protocol):
    """Follows some scripts without a syntax tree; None for those that need one."""

    def __call__(self, walk: Walk, text: MappedText, state: State, branch: Branch, /, *, tail: bool) -> Status | None:
        """As `Walk.follow`."""


class Walk:
    """Goes through a script in the order in which a shell would run it. `commands` grows as it goes.

    Visitors get a node of the current `text`, the state (which they change as the shell would), the branch that the
    node is on, and `tail`: whether the node's status is that of the whole script.
    """

    def __init__(self, wrappers: Wrappers, visitors: dict[str, Visitor], reader: Reader) -> None:
        """`visitors` by the type of node; nodes of other types start nothing. `reader` is asked first."""
        self.commands: list[Command] = []
        self.wrappers = wrappers
        self.text = MappedText(b"", ())
        self.ended: End | None = None
        """What has come to its end early (`exit`, `return`, `break`), of what is being followed."""
        self._skips = Skips()
        self.trap: tuple[Word, Branch] | None = None
        """What that shell runs when it ends."""
        self.unread_from = -1
        """Where a quote begins that is not closed, so that nothing behind it can be read."""
        self.source: Command | None = None
        """The command whose output the part of a pipeline that is being followed reads."""
        self.first: Word | None = None
        """The word that the simple command begins with that is being followed."""
        self.around: tuple[Word, ...] = ()
        """The names of the wrappers that are around what is being followed, from the outermost in."""
        self.variables_before: Word | None = None
        """The word in front of which a variable can be set for what is being followed."""
        self.is_module = False
        """Whether the innermost of them runs a module by its name."""
        self._with_home: tuple[Mapping[str, Variable], str, Mapping[str, Variable]] = {}, "", {}
        """A shell's variables without HOME, its user, and what a program that it starts finds."""
        self._visitors = visitors
        self._reader = reader
        self._conditions = itertools.count(1)
        self._depth = 0
        self.steps = 0
        """How far the RUN has been followed by now."""

    def outermost(self, text: MappedText, state: State) -> Status:
        """Follow the shell text that a RUN is, in the shell that `state` is of."""
        status = self.follow(text, state, Branch(), tail=True)
        self._end(state)
        return status

    def script(self, text: MappedText, state: State, branch: Branch, *, tail: bool) -> Status:
        """Follow shell text in a shell of its own."""
        with self.shell(state) as inner:
            return self.follow(text, inner, branch, tail=tail)

    def follow(self, text: MappedText, state: State, branch: Branch, *, tail: bool = False) -> Status:
        """Follow shell text in the shell that is there (`eval`)."""
        if text.data.find(_UNKNOWN_BYTE) >= 0:
            text = _readable(text)
        if b"((" in text.data:
            from layerlint.shell.misread import with_groups_apart

            text = with_groups_apart(text)
        outer, self.text = self.text, text
        self._enter()
        status = self._reader(self, text, state, branch, tail=tail)
        if status is None:
            status = self.statements(syntax_tree(text), state, branch, tail=tail)
        self._depth -= 1
        self.text = outer
        return status

    def statements(self, node: Node, state: State, branch: Branch, *, tail: bool) -> Status:
        """Follow the statements below a node, one after another."""
        children = node.children
        background = {child.start_byte for child, after in itertools.pairwise(children) if after.type == "&"}
        statements = [child for child in children if child.type not in _NO_STATEMENTS]
        if node.has_error:
            self.unread_from = _unread_from(children, self.text.data)
        status, skips = Status.SUCCESS, self._skips.count
        for index, statement in enumerate(statements):
            if self.ended is not None:
                break
            branch, skips = self.behind_skips(branch, skips)
            if statement.start_byte in background:
                self.visit(statement, state.copy(), self.condition(branch), tail=False)
            else:
                status = self.visit(statement, state, branch, tail=tail and index == len(statements) - 1)
        return status

    def sequence(self, nodes: Sequence[Node], state: State, branch: Branch) -> Status:
        """Follow some statements, one after another."""
        status, skips = Status.UNDECIDED, self._skips.count
        for node in nodes:
            if self.ended is not None:
                break
            branch, skips = self.behind_skips(branch, skips)
            status = self.visit(node, state, branch, tail=False)
        return status

    def visit(self, node: Node, state: State, branch: Branch, *, tail: bool) -> Status:
        """Follow one node."""
        visitor = self._visitors.get(node.type)
        if visitor is None:
            return Status.PRESUMED
        self.step()
        self._enter()
        status = visitor(self, node, state, branch, tail)
        self._depth -= 1
        return status

    def maybe(self, way: Way, state: State, branch: Branch, *, asks: str = "") -> Status | None:
        """Follow what may run or not; it does if the path `asks` is there.

        The result is how it ends, if it runs; None if it ends the shell.
        """
        inner = state.copy()
        status = way(inner, self.condition(branch, asks=asks))
        if self.ended is not None:
            self._skips.add(self.ended)
            self.ended = None  # `|| exit 1`: what comes after is the other way
            return None
        self.step(state.merge(inner), parts=0)
        return status

    def either(self, ways: Sequence[Way], state: State, branch: Branch, *, asks: str = "") -> None:
        """Follow several ways of which the shell goes one: the first if the path `asks` is there."""
        before = state.copy()
        left: list[State] = []
        ends: list[End] = []
        fork = next(self._conditions)
        for index, way in enumerate(ways):
            inner = before.copy()
            condition = Condition(fork, index, len(ways), asks if index == 0 else "")
            way(inner, Branch((*branch.conditions, condition)))
            if self.ended is None:
                left.append(inner)
            else:
                ends.append(self.ended)
            self.ended = None
        if left:
            for end in ends:
                self._skips.add(end)
        else:  # one on which the build fails is gone only where there is no other
            self.ended = min(ends, key=lambda end: (not end.works, end.scope))
        for index, inner in enumerate(left):
            if index == 0:
                state.adopt(inner)
            else:
                self.step(state.merge(inner), parts=0)

    def emit(
        self,
        words: Sequence[Word],
        state: State,
        branch: Branch,
        redirections: tuple[Redirection, ...],
        *,
        exec_form: bool,
    ) -> None:
        """Note that a program is started."""
        self.commands.append(
            Command(
                words=tuple(words),
                name=program_name(words[0].value),
                variables=self._variables_of(state),
                user=state.user,
                directory=state.directory,
                branch=branch,
                redirections=redirections,
                exec_form=exec_form,
                shell=state.shell,
                reads=self.source,
                first=self.first,
                wrappers=self.around,
                is_module=self.is_module,
                variables_before=self.variables_before,
            )
        )

    def _variables_of(self, state: State) -> Mapping[str, Variable]:
        """What a program that is started finds. Where HOME is not set, the user's home of itself (getpwuid)."""
        variables = state.variables
        if "HOME" in variables:
            return variables
        before, user, with_home = self._with_home
        if before is not variables or user != state.user:
            with_home = {**variables, "HOME": Variable(state.home_of(state.user), exported=True)}
            self._with_home = variables, state.user, with_home
        return with_home

    @property
    def skips(self) -> int:
        """How many ways have left early what is being followed, which may have been gone or not."""
        return self._skips.count

    def behind_skips(self, branch: Branch, skips: int) -> tuple[Branch, int]:
        """The branch of what stands behind something, and `skips` there; before that it was `skips`."""
        now = self._skips.count
        return (branch, now) if now == skips else (self.condition(branch), now)

    @contextmanager
    def scope(self, scope: Scope) -> Iterator[None]:
        """Be in a loop or function, or a round of a loop, for a while: what leaves it ends here."""
        kept = self._skips.kept()
        yield
        self._skips.closed(scope, kept)
        if self.ended is not None and self.ended.scope <= scope:
            self.ended = None

    def condition(self, branch: Branch, *, asks: str = "") -> Branch:
        """The branch of what runs under one more condition."""
        return Branch((*branch.conditions, Condition(next(self._conditions), asks=asks)))

    def written(self, node: Node) -> str:
        """A node as it is written."""
        return decode(self.text.data[node.start_byte : node.end_byte])

    @contextmanager
    def inside(self, text: MappedText) -> Iterator[None]:
        """Work on another text for a while."""
        outer, self.text = self.text, text
        with self.deeper():
            yield
        self.text = outer

    @contextmanager
    def shell(self, state: State) -> Iterator[State]:
        """Be in a shell of its own for a while, which starts with what `state` is: its own state.

        It can end without ending the one around it. What it is to run when it ends is run then.
        """
        outer_trap, outer_ended, kept = self.trap, self.ended, self._skips.kept()
        self.trap, self.ended = None, None
        inner = state.copy()
        yield inner
        self._end(inner)
        self._skips.closed(Scope.SHELL, kept)
        self.trap, self.ended = outer_trap, outer_ended

    def _end(self, state: State) -> None:
        """The end of a shell: it runs its trap, if it has one."""
        trap, self.trap, self.ended = self.trap, None, None
        if trap is not None:
            self.script(trap[0].text, state, trap[1], tail=False)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One construct deeper. Raises `NotFollowedError`."""
        self._enter()
        yield
        self._depth -= 1

    def read(self, words: Sequence[Word]) -> None:
        """Go past some words. Raises `TooManyStepsError`."""
        self.step(sum([len(word.value) for word in words]) + len(words))

    def step(self, length: int = 0, parts: int = 1) -> None:
        """Go past some parts of the script, or values, of `length` characters together. Raises `TooManyStepsError`."""
        self.steps += parts + length // _STEP_LENGTH
        if self.steps > MAX_STEPS:
            raise TooManyStepsError(self._place())

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise NestingTooDeepError(self._place())

    def _place(self) -> Span | None:
        """Where the text is that is being followed."""
        length = len(self.text.data)
        return self.text.source_span(0, length) if length else None


def _unread_from(nodes: Sequence[Node], data: bytes) -> int:
    """The end of the first node behind which there is a quote that is not closed; -1 if there is none."""
    for node, after in itertools.pairwise(nodes):
        unread = data[node.end_byte : after.end_byte] if after.type == "ERROR" else b""
        if b"'" in unread or b'"' in unread:
            return node.end_byte
    return -1


def _readable(text: MappedText) -> MappedText:
    """A script that another shell has put together, with an expansion in the place of each part that is not known."""
    parts: list[MappedText] = []
    offset = 0
    for match in _UNKNOWN_PART.finditer(text.data):
        parts += (text.slice(offset, match.start()), _UNKNOWN_EXPANSION)
        offset = match.end()
    return MappedText.join([*parts, text.slice(offset, len(text.data))])
