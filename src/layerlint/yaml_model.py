"""How a class that a YAML file is read into is checked. Data only, so that the classes need no model library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def kebab_case(name: str) -> str:
    """The key in a file for a field of a class: `filled_by` is written `filled-by`, and `not_` is `not`."""
    return name.rstrip("_").replace("_", "-")


STRICT: Mapping[str, Any] = {"extra": "forbid", "strict": True, "alias_generator": kebab_case}
"""For a class's `__pydantic_config__`: unknown keys are refused, values are not converted. Classes inside follow it."""
