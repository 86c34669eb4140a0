"""Paths in an image: absolute, and without `.`, `..`, doubled slashes and a slash at the end."""

from __future__ import annotations

import posixpath
from functools import lru_cache

# Linux's PATH_MAX. A path that relative WORKDIRs make longer than this counts as unknown.
_MAX_PATH = 4096


@lru_cache(maxsize=256)  # the same few directories come again and again
def normalize(path: str) -> str:
    """The path without doubled slashes, `.` and `..`, and without a slash at its end."""
    normal = posixpath.normpath(path) if path else path
    return normal[1:] if normal.startswith("//") else normal


def seen_from(workdir: str | None, path: str | None) -> str | None:
    """`path` made absolute from `workdir`; None is one that is not known."""
    if path is None:
        return None
    if not path.startswith("/"):
        if workdir is None:
            return None
        path = f"{workdir}/{path}"
    return normalize(path) if len(path) <= _MAX_PATH else None
