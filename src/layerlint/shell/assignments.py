"""`A=1 B=2`, in front of a command, alone, or behind `export` (POSIX.1, 2.9.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from layerlint.shell.builtins import BUILTINS
from layerlint.shell.command import Branch
from layerlint.shell.expansion import WrittenWord
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.substitution import expand_all, expand_assigned
from layerlint.shell.walk import Walk
from layerlint.shell.word import UNKNOWN, Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span, encode
from layerlint.startup.quick_dataclass import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a variable becomes, and where in the file that stands."""

    name: str
    value: str
    place: Span | None

    @property
    def word(self) -> Word:
        """The assignment as an argument of a builtin."""
        return Word(MappedText.unmapped(encode(f"{self.name}={self.value}")), self.place)


class WrittenAssignment(NamedTuple):
    """An assignment with nothing in it that needs the grammar, by its bytes in a text."""

    name: str
    start: int
    end: int

    def read(self, walk: Walk, state: State, branch: Branch) -> Assignment:
        """What it says in a state."""
        value_start = self.start + len(self.name) + 1
        value = expand_assigned(walk, WrittenWord(value_start, self.end), state, branch)
        return Assignment(self.name, value, walk.text.source_span(self.start, self.end))


def read_assignment(walk: Walk, node: Node, state: State, branch: Branch) -> Iterator[Assignment]:
    """What an assignment says, as the grammar has it; nothing where it is not one."""
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    place = walk.text.source_span(node.start_byte, node.end_byte)
    if name.type != "variable_name":  # an element of an array
        yield Assignment(walk.written(name).partition("[")[0], UNKNOWN, None)
    elif value is None:
        yield Assignment(walk.written(name), "", place)
    elif value.type == "array":
        yield Assignment(walk.written(name), UNKNOWN, None)
    elif any(child.type == "+=" for child in node.children):
        # A shell that does not know it takes it for the name of a program.
        more = expand_assigned(walk, value, state, branch) if state.has_extensions else UNKNOWN
        yield Assignment(walk.written(name), state.value(walk.written(name)) + more, None)
    else:
        yield Assignment(walk.written(name), expand_assigned(walk, value, state, branch), place)


def assign(assignments: Iterable[Assignment], state: State) -> Status:
    """`A=1 B=2` without a command: one may use what those before it say, if they are read one by one."""
    for each in assignments:
        state.assign(each.name, each.value, place=each.place)
    return Status.SUCCESS


def with_assignments(assignments: Iterable[Assignment], state: State, *, is_command: bool) -> State:
    """The state of a command with assignments in front; the shell's own where its words became nothing."""
    inner = state.copy() if is_command else state
    for each in assignments:
        inner.assign(each.name, each.value, exported=is_command, place=each.place)
    return inner


def declare(words: Sequence[Word], state: State) -> Status:
    """`export A=1 B`, `declare -x A=1`, `unset A`: a kind of statement of its own, and builtins all the same."""
    builtin = BUILTINS.get(words[0].value) if words else None
    if builtin is not None:
        builtin(words[1:], state)
    return Status.SUCCESS


def visit_assignments(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """Assignments without a command, as the grammar has them."""
    nodes = node.named_children if node.type == "variable_assignments" else [node]
    return assign((each for child in nodes for each in read_assignment(walk, child, state, branch)), state)


def visit_declaration(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """A declaration as the grammar has it."""
    words: list[Word] = []
    for index, child in enumerate(node.children):
        if child.type == "variable_assignment":
            words.extend(each.word for each in read_assignment(walk, child, state, branch))
        elif index == 0 or child.is_named:
            words.extend(expand_all(walk, child, state, branch))
    return declare(words, state)
