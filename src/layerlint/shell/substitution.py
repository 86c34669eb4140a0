"""Words with what they run: `$(...)` is followed, and what it prints is its value as far as it is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from layerlint.shell.command import Branch, Command
from layerlint.shell.expansion import WrittenWord, expand_document, expand_value, expand_word
from layerlint.shell.printing import printed
from layerlint.shell.state import State
from layerlint.shell.walk import Walk
from layerlint.shell.word import UNKNOWN, Word, output_of
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import decode

if TYPE_CHECKING:
    from tree_sitter import Node

# Programs that print their argument, of which a part may be not known; `which` finds, as far as anyone can know, the
# program of that name.
_PRINTS_ARGUMENT = frozenset({"which", "echo"})


def expand_all(walk: Walk, node: Node | WrittenWord, state: State, branch: Branch) -> list[Word]:
    """The words that a written word becomes."""
    words = expand_word(node, walk.text, state, partial(_substitute, walk, state, branch))
    walk.read(words)
    return words


def has_default(walk: Walk, node: Node | WrittenWord, state: State) -> bool:
    """Whether what a written word becomes, where that is known, is not certain since a build argument may say else."""
    if not state.overridable:
        return False
    words = expand_word(node, walk.text, state.for_conditions(), lambda _: "")
    return not all(word.known for word in words)


def expand_assigned(walk: Walk, node: Node | WrittenWord, state: State, branch: Branch) -> str:
    """What a written word is as the value of an assignment."""
    value = expand_value(node, walk.text, state, partial(_substitute, walk, state, branch))
    walk.step(len(value))
    return value


def expand_body(walk: Walk, body: Node, state: State, branch: Branch) -> MappedText:
    """What a here-document is whose delimiter is not quoted."""
    document = expand_document(body, walk.text, state, partial(_substitute, walk, state, branch))
    walk.step(len(document.data))
    return document


def _substitute(walk: Walk, state: State, branch: Branch, node: Node) -> str:
    """Follow the commands of a `$(...)`; what it prints, as far as it is known."""
    first = len(walk.commands)
    with walk.deeper(), walk.shell(state) as inner:
        walk.statements(node, inner, branch, tail=False)
    started = walk.commands[first:]
    if {command.name for command in started} == {"which"}:
        del started[1:]  # `which a || which b`: the first is presumed to be there
    if len(started) == 1 and branch.implies(started[0].branch):
        return _printed_by(started[0])
    if not started and node.named_child_count == 1:
        # `command -v name` finds, as far as anyone can know, the program of that name.
        asking = node.named_children[0]
        while asking.type == "list":
            asking = asking.children[0]
        values = [word.value for child in asking.children for word in expand_all(walk, child, state, branch)]
        if values[:2] in (["command", "-v"], ["type", "-p"]) and len(values) == 3:
            return values[2]
    return UNKNOWN


def _printed_by(command: Command) -> str:
    """What a command prints, as the value of a substitution: without the line ends behind it."""
    text = printed(command)
    if text is not None:
        return decode(text.data).rstrip("\n")
    if command.name in _PRINTS_ARGUMENT and len(command.words) == 2:
        return command.words[1].value
    if command.name == "pwd":
        return command.directory
    if command.name == "whoami" and command.user and not command.user.isdecimal():
        return command.user
    return output_of(word.value for word in command.words) if all(word.known for word in command.words) else UNKNOWN
