"""Reads tables of cases, which are long, with libyaml where that is there: in Python it takes ten times as long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_cases(path: Path) -> Any:
    """What a YAML file holds, as `yaml.safe_load` gives it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
