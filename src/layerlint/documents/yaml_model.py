"""How a class that a YAML file is read into is checked. Data only, so that the classes need no model library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def kebab_case(name: str) -> str:
    """The key in a file for a field of a class: `filled_by` is written `filled-by`, and `not_` is `not`."""
    return name.rstrip("_").replace("_", "-")


STRICT: Mapping[str, Any] = {"extra": "forbid", "strict": True, "alias_generator": kebab_case}
"""For a class's `__pydantic_config__`: unknown keys are refused, values are not converted. Classes inside follow it."""


class NeverNull:
    """For the classes of a file in which a key that is there has a value: None is only what a key that is not there is.

    An empty key (`name:`) is one that somebody has not finished, and would say as little as one that is not there.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """The schema of the class, as the model library asks for it, without the nulls that are defaults."""
        schema = handler(source)
        for field in handler.resolve_ref_schema(schema)["schema"]["fields"]:
            value = field["schema"]
            if (
                value["type"] == "default"
                and value.get("default", ...) is None
                and value["schema"]["type"] == "nullable"
            ):
                # A JSON Schema names a default, and an editor would offer null; it does not name what a call gives.
                field["schema"] = {"type": "default", "schema": value["schema"]["schema"], "default_factory": _nothing}
        return schema


def _nothing() -> None:
    return None
