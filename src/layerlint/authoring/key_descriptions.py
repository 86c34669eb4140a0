"""What the docstrings of the classes that files of rules are read into say of each key."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import fields
from itertools import pairwise
from typing import Any

from layerlint.documents.yaml_model import kebab_case


def with_keys_as_written(text: str) -> str:
    """A docstring in which the names of fields are the keys of files: `base_is` is written `base-is`."""
    return re.sub(r"`([a-z_]+)`", lambda match: f"`{kebab_case(match[1])}`", text)


def key_descriptions(cls: type) -> dict[str, str]:
    """For each key of a dataclass that they speak of what the docstrings say.

    That is the docstring behind the field or, where there is none, all sentences of the class's that name the key;
    clauses that begin with a key stand for sentences.
    """
    found: dict[str, str] = {}
    own = {each.__name__: _behind_fields(each) for each in cls.__mro__ if "__dataclass_fields__" in vars(each)}
    for field in fields(cls):
        owner = next(each for each in cls.__mro__ if field.name in vars(each).get("__annotations__", {}))
        key = kebab_case(field.name)
        text = own[owner.__name__].get(field.name) or " ".join(_sentences(owner, key))
        if text:
            found[key] = with_keys_as_written(text)
    return found


def descriptions_behind_fields(cls: type) -> dict[str, str]:
    """For each key of a dataclass the docstring that stands behind its field, where there is one."""
    return {kebab_case(name): with_keys_as_written(text) for name, text in _behind_fields(cls).items()}


def _sentences(cls: type, key: str) -> list[str]:
    text = " ".join(with_keys_as_written(cls.__doc__ or "").split())
    parts = re.split(r"(?<=\.)\s+|[;:]\s+(?=`[a-z-]+`)", text)
    return [part if part.endswith(".") else f"{part}." for part in parts if f"`{key}`" in part]


def _behind_fields(cls: type) -> dict[str, str]:
    """The texts that stand behind the fields of a class."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    body: list[Any] = tree.body  # type: ignore[attr-defined]  # it is a class
    return {
        statement.target.id: " ".join(str(following.value.value).split())
        for statement, following in pairwise(body)
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and isinstance(following, ast.Expr)
        and isinstance(following.value, ast.Constant)
    }
