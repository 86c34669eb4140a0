"""Inputs that broke a promise: where the promise is, and a file for each."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

KEPT = Path(__file__).parent / "kept"
"""Those that were found so far, each named after its target. Every test run tries them again."""


def place(error: Exception) -> str:
    """Where an exception came from: two inputs that fail at one place are taken for one."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"


def keep(name: str, data: bytes, folder: Path) -> Path:
    """Write an input of the target `name` to a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path
