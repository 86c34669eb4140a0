"""A RUN executed in the abstract: the programs it starts, in order, each with what it gets.

Nothing is run. A condition that cannot be decided makes a branch, and what differs after it is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.shell import assignments, control, simple, starting
from layerlint.shell.command import Branch, Command
from layerlint.shell.plain_script import follow_plain_script
from layerlint.shell.state import State
from layerlint.shell.status import Status
from layerlint.shell.walk import Visitor, Walk
from layerlint.shell.word import Word
from layerlint.shell.wrappers import Wrappers
from layerlint.source.mapped_text import MappedText
from layerlint.startup.quick_dataclass import dataclass

# By the grammar's names of nodes (tree-sitter-bash). The others start nothing.
_VISITORS: dict[str, Visitor] = {
    "program": control.visit_statements,
    "compound_statement": control.visit_statements,
    "do_group": control.visit_statements,
    "list": simple.visit_list,
    "pipeline": simple.visit_list,
    "subshell": control.visit_subshell,
    "negated_command": control.visit_negated,
    "redirected_statement": control.visit_redirected,
    "if_statement": control.visit_if,
    "while_statement": control.visit_while,
    "for_statement": control.visit_for,
    "c_style_for_statement": control.visit_for,
    "case_statement": control.visit_case,
    "test_command": control.visit_test,
    "function_definition": control.visit_function,
    "command": simple.visit_command,
    "variable_assignment": assignments.visit_assignments,
    "variable_assignments": assignments.visit_assignments,
    "declaration_command": assignments.visit_declaration,
    "unset_command": assignments.visit_declaration,
    "ERROR": control.visit_error,
}


@dataclass(frozen=True, slots=True)
class Execution:
    """What a RUN does: the programs that it starts, in order, and whether it is certain that it fails.

    `steps` is how long it took to follow it, in the steps of `Walk`.
    """

    commands: tuple[Command, ...]
    fails: bool = False
    steps: int = 0


def execute(script: MappedText, state: State, wrappers: Wrappers, around: tuple[Word, ...] = ()) -> Execution:
    """What the shell text `script` does; `around` are the names of the wrappers that start its shell.

    Raises `NotFollowedError`.
    """
    walk = Walk(wrappers, _VISITORS, follow_plain_script)
    walk.around = around
    status = walk.outermost(script, state)
    return Execution(tuple(walk.commands), status is Status.FAILURE, walk.steps)


def execute_words(words: Sequence[Word], state: State, wrappers: Wrappers, *, exec_form: bool = True) -> Execution:
    """What is done by `words`, which no shell has seen: those of an exec form, or a shell's own.

    Raises `NotFollowedError`.
    """
    walk = Walk(wrappers, _VISITORS, follow_plain_script)
    status = Status.PRESUMED
    if words:
        status = starting.start(walk, words, state, Branch(), (), exec_form=exec_form, tail=True)
    return Execution(tuple(walk.commands), status is Status.FAILURE, walk.steps)
