"""Data of the wrong shape made one of the right shape, by leaving out what is wrong: the rest can be checked as well.

What must be there and cannot be left out gets a stand-in, of which nobody may speak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layerlint.documents.positions import KeyPath

Schema = Mapping[str, Any]
_STAND_INS: Mapping[str, Any] = {"string": "-", "boolean": False, "integer": 0, "number": 0, "array": ()}


def leave_out(data: Any, location: KeyPath, schema: Schema) -> None:
    """Take out of `data` what is at `location`, or put a stand-in there if it is an item of a list, or is missing.

    `schema` is the JSON Schema of all the data. Nothing is done where something around it has been left out before.
    """
    nodes: Sequence[Schema] = [schema]
    holder: Any = data
    for part in location[:-1]:
        if not _is_in(holder, part):
            return
        holder, nodes = holder[part], below(schema, nodes, part)
    last = location[-1]
    if isinstance(holder, dict) and last in holder:
        del holder[last]
    else:  # what is behind an item of a list stays where it is
        holder[last] = _stand_in(schema, below(schema, nodes, last))


def _is_in(holder: Any, part: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(part, int) and part < len(holder)
    return isinstance(holder, dict) and part in holder


def below(whole: Schema, nodes: Sequence[Schema], part: str | int) -> list[Schema]:
    """The schemas of what is at `part` of what `nodes` are the schemas of."""
    found: list[Schema] = []
    for node in resolve(whole, nodes):
        if isinstance(part, int):
            found += [node["items"]] if "items" in node else []
        elif part in node.get("properties", {}):
            found.append(node["properties"][part])
        elif isinstance(node.get("additionalProperties"), dict):
            found.append(node["additionalProperties"])
    return found


def resolve(whole: Schema, nodes: Sequence[Schema]) -> list[Schema]:
    """The schemas without alternatives that `nodes` refer to or are made of."""
    resolved: list[Schema] = []
    waiting, seen = list(nodes), set[int]()
    while waiting:
        node = waiting.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        alternatives = [*node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])]
        if "$ref" in node:
            alternatives.append(whole["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        if not alternatives:
            resolved.append(node)
        waiting.extend(alternatives)
    return resolved


def _stand_in(whole: Schema, nodes: Sequence[Schema]) -> Any:
    """Something of the right shape."""
    for node in resolve(whole, nodes):
        if "const" in node or node.get("enum"):
            return node["const"] if "const" in node else node["enum"][0]
        if node.get("type") == "object":
            properties = node.get("properties", {})
            return {name: _stand_in(whole, [properties[name]]) for name in node.get("required", ())}
        if node.get("type") in _STAND_INS:
            return _STAND_INS[node["type"]]
    return None  # of what may be anything
