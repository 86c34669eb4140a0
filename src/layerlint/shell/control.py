"""What decides whether a command runs: lists, pipelines, conditions, loops, functions (POSIX.1, 2.9)."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from layerlint.shell.command import Branch
from layerlint.shell.ending import Scope
from layerlint.shell.lists import redirected_list
from layerlint.shell.simple import visit_command, visit_list, visit_with_redirects
from layerlint.shell.starting import SOME_WORDS, answer
from layerlint.shell.state import Function, State
from layerlint.shell.status import Status
from layerlint.shell.substitution import expand_all, expand_assigned, has_default
from layerlint.shell.walk import Walk, Way
from layerlint.shell.word import UNKNOWN, Word, is_known
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode

if TYPE_CHECKING:
    from tree_sitter import Node

# A loop over more words than this is gone through once, with a variable that is not known.
_MAX_LOOP_WORDS = 16

_NO_CLAUSE = frozenset({"if", "elif", "fi", ";", "\n", "comment"})
_EXPRESSIONS = frozenset({"unary_expression", "binary_expression", "negated_expression", "ERROR"})
_GROUPED_EXPRESSIONS = frozenset({"parenthesized_expression", "ternary_expression", "postfix_expression"})


def visit_statements(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """A script, `{ ...; }`, the body of a loop."""
    return walk.statements(node, state, branch, tail=tail)


def visit_redirected(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """A statement with redirections behind it."""
    body = node.child_by_field_name("body")
    if body is None:  # nothing but redirections, with the words of a command behind one of them
        return visit_command(walk, node, state, branch, tail)
    redirects = node.children_by_field_name("redirect")
    following = redirected_list(node)
    if following:
        # `cat <<A && b` and `cat <<A | b`: the grammar puts what follows into the redirection.
        return _visit_followed(walk, body, redirects, following, state, branch, tail=tail)
    if body.type in {"list", "pipeline"}:
        return visit_list(walk, body, state, branch, tail, redirects)
    return visit_with_redirects(walk, body, redirects, state, branch, tail=tail)


def _visit_followed(
    walk: Walk,
    body: Node,
    redirects: Sequence[Node],
    following: Sequence[tuple[str, Node]],
    state: State,
    branch: Branch,
    *,
    tail: bool,
) -> Status:
    before = len(walk.commands)
    status = visit_with_redirects(walk, body, redirects, state, branch, tail=False)
    for operator, node in following:
        if operator == "|":
            started = walk.commands[before:]
            outer, walk.source = walk.source, started[-1] if started else None
            status = walk.visit(node, state.copy(), branch, tail=False)
            walk.source = outer
        elif operator == "||":
            walk.maybe(partial(walk.visit, node, tail=False), state, branch)
        else:
            status = walk.visit(node, state, branch, tail=tail)
    return status


def visit_subshell(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`( ... )`: nothing that changes in it is seen outside."""
    with walk.shell(state) as inner:
        return walk.statements(node, inner, branch, tail=tail)


def visit_negated(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`! command`."""
    status = walk.visit(node.named_children[-1], state, branch, tail=False) if node.named_children else Status.PRESUMED
    return status.negated


def visit_if(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`if`, with every `elif` and `else`. It ends as the clause does that is taken."""
    clauses = [child for child in node.children if child.type in {"elif_clause", "else_clause"}]
    return _clause(walk, node, clauses, state, branch)


def _clause(walk: Walk, node: Node, others: Sequence[Node], state: State, branch: Branch) -> Status:
    """An `if` or `elif` and, where its condition fails, the clauses that follow it."""
    condition: list[Node] = []
    body: list[Node] = []
    into = condition
    for child in node.children:
        if child.type == "then":
            into = body
        elif child.type not in _NO_CLAUSE and child.type not in {"elif_clause", "else_clause"}:
            into.append(child)
    status = walk.sequence(condition, state, branch)
    then = partial(walk.sequence, body)
    otherwise = partial(_otherwise, walk, others)
    if status is Status.SUCCESS:
        return then(state, branch)
    if status is Status.FAILURE:
        return otherwise(state, branch)
    walk.either([then, otherwise], state, branch, asks=status.asks)
    return Status.PRESUMED


def _otherwise(walk: Walk, clauses: Sequence[Node], state: State, branch: Branch) -> Status:
    if not clauses:
        return Status.SUCCESS
    first, *rest = clauses
    if first.type == "else_clause":
        return walk.statements(first, state, branch, tail=False)
    with walk.deeper():
        return _clause(walk, first, rest, state, branch)


def visit_while(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`while` and `until`: the body is gone through once."""
    body = node.child_by_field_name("body")
    condition = [child for child in node.children_by_field_name("condition") if child.is_named]
    status = walk.sequence(condition, state, branch)
    if node.children[0].type == "until":
        status = status.negated
    if body is not None and status is Status.SUCCESS:
        _loop(walk, body, state, branch)
    elif body is not None and status is not Status.FAILURE:
        walk.maybe(partial(_loop, walk, body), state, branch, asks=status.asks)
    return Status.PRESUMED


def _loop(walk: Walk, body: Node, state: State, branch: Branch) -> Status:
    """A loop of which it is not known how often it runs: once."""
    with walk.scope(Scope.LOOP):
        return walk.visit(body, state, branch, tail=False)


def visit_for(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`for name in words`: once for each word when they are known, otherwise once."""
    variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
    if body is None:
        return Status.PRESUMED
    if variable is None:  # the for of C: how often it runs is not known
        walk.maybe(partial(_loop, walk, body), state, branch)
        return Status.PRESUMED
    name = walk.written(variable)
    words = _words_of_loop(walk, node, state, branch)
    values = [word.value if word.known and word.glob is None else UNKNOWN for word in words]
    if len(values) <= _MAX_LOOP_WORDS:
        return _rounds(walk, name, values, body, state, branch)
    state.assign(name, UNKNOWN)
    if any(is_known(value) for value in values):
        _loop(walk, body, state, branch)
    else:
        walk.maybe(partial(_loop, walk, body), state, branch)
    return Status.PRESUMED


def _rounds(walk: Walk, name: str, values: Sequence[str], body: Node, state: State, branch: Branch) -> Status:
    """The rounds of a loop, one for each word; one that is not known may be no word at all."""
    status = Status.SUCCESS
    with walk.scope(Scope.LOOP):
        skips = walk.skips
        for value in values:
            if walk.ended is not None:
                break
            branch, skips = walk.behind_skips(branch, skips)
            state.assign(name, value)
            with walk.scope(Scope.ROUND):
                if is_known(value):
                    status = walk.visit(body, state, branch, tail=False)
                else:
                    walk.maybe(partial(walk.visit, body, tail=False), state, branch)
                    status = Status.PRESUMED
    return status


def _words_of_loop(walk: Walk, node: Node, state: State, branch: Branch) -> Sequence[Word]:
    if all(child.type not in {"in", "ERROR"} for child in node.children):  # `for name; do`
        if state.arguments is None:
            return (SOME_WORDS,)
        return [Word(MappedText.unmapped(encode(value)), None) for value in state.arguments]
    values = node.children_by_field_name("value")
    words = [word for value in values for word in expand_all(walk, value, state, branch)]
    return words or [SOME_WORDS for value in values if has_default(walk, value, state)]


def visit_case(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`case word in`: the first item that matches, and how that ends, or all as ways that may be gone."""
    subject = node.child_by_field_name("value")
    value = expand_assigned(walk, subject, state.for_conditions(), branch) if subject is not None else UNKNOWN
    return _case_items(
        walk, value, [child for child in node.named_children if child.type == "case_item"], state, branch
    )


def _case_items(walk: Walk, value: str, items: Sequence[Node], state: State, branch: Branch) -> Status:
    """What a `case` does from one of its items on, none of those before having matched or kept it."""
    ways: list[Way] = []
    for index, item in enumerate(items):
        patterns = [_pattern(walk, pattern, state, branch) for pattern in item.children_by_field_name("value")]
        decided = is_known(value) and all(is_known(pattern) for pattern in patterns)
        if decided and not any(fnmatchcase(value, pattern) for pattern in patterns):
            continue
        ways.append(partial(_case_item, walk, value, items, index))
        if decided or "*" in patterns:
            break
    else:
        ways.append(lambda state, branch: Status.SUCCESS)  # noqa: ARG005 (none of them)
    if len(ways) == 1:
        return ways[0](state, branch)
    walk.either(ways, state, branch)
    return Status.PRESUMED


def _case_item(walk: Walk, value: str, items: Sequence[Node], index: int, state: State, branch: Branch) -> Status:
    """What an item does, and the one that it goes on to: the next (`;&`), or the next that matches (`;;&`)."""
    item = items[index]
    patterns = {pattern.id for pattern in item.children_by_field_name("value")}
    body = [child for child in item.named_children if child.id not in patterns]
    status = walk.sequence(body, state, branch) if body else Status.SUCCESS
    on = item.child_by_field_name("fallthrough")
    if on is None or walk.ended is not None or index + 1 == len(items):
        return status
    with walk.deeper():
        if on.type == ";&":
            return _case_item(walk, value, items, index + 1, state, branch)
        return _case_items(walk, value, items[index + 1 :], state, branch)


def _pattern(walk: Walk, node: Node, state: State, branch: Branch) -> str:
    words = expand_all(walk, node, state, branch)
    return (words[0].glob or words[0].value) if len(words) == 1 else UNKNOWN


def visit_test(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """`[ ... ]` and `[[ ... ]]`, whose words the grammar puts into expressions."""
    knows_it = state.has_extensions or node.children[0].type != "[["  # dash looks for a program of that name
    words: list[Word] = []
    state = state.for_conditions()
    waiting = list(reversed(node.children[1:-1]))
    while waiting:
        child = waiting.pop()
        # `~/x` is a word, though the grammar sees an operator in it.
        if child.type in _EXPRESSIONS and child.children[0].type != "~":
            waiting.extend(reversed(child.children))
        elif child.type in _GROUPED_EXPRESSIONS:
            return Status.UNDECIDED
        else:
            # A question about nothing is one about an empty word, as far as it matters here.
            words.extend(expand_all(walk, child, state, branch) or [Word(MappedText.unmapped(b""), None)])
    return answer(words, state) if knows_it else Status.UNDECIDED


def visit_function(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """A function is kept for when it is called."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and body is not None:
        state.define(walk.written(name), Function(body, walk.text))
    return Status.SUCCESS


def visit_error(walk: Walk, node: Node, state: State, branch: Branch, tail: bool) -> Status:
    """Text that is no shell: what looks like commands in it may run."""
    return walk.statements(node, state, walk.condition(branch), tail=False)
