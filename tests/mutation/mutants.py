"""A module with one thing wrong in it, again and again."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_CALCULATED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}
_JUMPS = (ast.Continue, ast.Break)


class Mutant(NamedTuple):
    """`function` is the qualified name of the one that differs; `change` says how, for people."""

    line: int
    function: str
    change: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Each way to change one operator, condition, constant or statement in the functions of `source`."""
    tree = ast.parse(source)
    for name, function in _functions(tree, ""):
        for node in _executed(function):
            for replaced, change in _changes(node):
                before = copy.copy(node.__dict__)
                kind = node.__class__
                yield_tree = _with(tree, node, replaced)
                node.__class__, node.__dict__ = kind, before
                yield Mutant(getattr(node, "lineno", function.lineno), name, change, yield_tree)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _executed(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What runs when the function is called, which types do not."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        types = [node.annotation] if isinstance(node, ast.AnnAssign) else []
        waiting.extend(child for child in ast.iter_child_nodes(node) if child not in types)


def _with(tree: ast.Module, node: ast.AST, replaced: ast.AST) -> ast.Module:
    """A copy of the tree in which `node` is `replaced`."""
    place = {key: value for key, value in node.__dict__.items() if key.startswith(("lineno", "col_", "end_"))}
    node.__class__, node.__dict__ = replaced.__class__, {**replaced.__dict__, **place}
    return ast.fix_missing_locations(copy.deepcopy(tree))


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    was = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=others) if type(operator) in _COMPARED:
            changed: ast.AST = ast.Compare(left, [_COMPARED[type(operator)]()], others)
            yield changed, f"{was} -> {ast.unparse(changed)}"
        case ast.BoolOp(op=operator, values=values):
            changed = ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            yield changed, f"{was} -> {ast.unparse(changed)}"
            yield values[0], f"{was} -> {ast.unparse(values[0])}"
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _CALCULATED:
            changed = ast.BinOp(left, _CALCULATED[type(operator)](), right)
            yield changed, f"{was} -> {ast.unparse(changed)}"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, f"{was} -> {ast.unparse(operand)}"
        case ast.IfExp(body=body, orelse=other):
            yield body, f"{was} -> {ast.unparse(body)}"
            yield other, f"{was} -> {ast.unparse(other)}"
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value), f"{was} -> {not value}"
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1), f"{was} -> {value + 1}"
        case ast.Return(value=value) if value is not None and was not in {"return None", "return False"}:
            yield ast.Return(ast.Constant(None)), f"{was} -> return None"
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield ast.Pass(), f"{was} -> pass"
        case ast.Continue() | ast.Break():
            yield ast.Pass(), f"{was} -> pass"
