"""Variables that stand for a tool's options."""

from __future__ import annotations

from layerlint.documents.yaml_model import NeverNull
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionVariable(NeverNull):
    """A variable that gives an option where it is not empty, or only with one of `values`, in any case."""

    environment: str
    values: tuple[str, ...] | None = None
