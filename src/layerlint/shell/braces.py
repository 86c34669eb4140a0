"""Brace expansion, which bash has and a plain sh has not: `{a,b}` (Bash manual, 3.5.1). Sequences stay: `{1..3}`."""

from __future__ import annotations

import itertools
import re

from layerlint.shell.word import LITERAL

Ranges = list[tuple[int, int]]

# A word that becomes more than this is left as it stands: nobody writes it, and a hostile one would fill memory.
_MAX_ALTERNATIVES = 256
_MAX_NESTING = 8
_OPENING, _COMMA, _CLOSING, _ANYTHING_ELSE = b"{,}x"


def alternatives(data: bytes, classes: bytes | None = None) -> list[Ranges]:
    """The words that `data` becomes, each as the ranges of `data` it is made of.

    `classes` says of each byte what it is; only braces and commas that are LITERAL count. None: all of it is.
    """
    whole: list[Ranges] = [[(0, len(data))]]
    if data.find(b"{") < 0:
        return whole
    active = data
    if classes is not None:
        kinds = zip(data, classes, strict=True)
        active = bytes(byte if kind == LITERAL else _ANYTHING_ELSE for byte, kind in kinds)
    if not re.search(rb"\{[^{}]*,|,[^{}]*\}", active):
        return whole
    return _expand(active, 0, len(active), 0) or whole


def _expand(active: bytes, start: int, end: int, depth: int) -> list[Ranges] | None:
    """Every alternative of the bytes from `start` to `end`; None when there are too many."""
    group = _first_group(active, start, end)
    if group is None or depth > _MAX_NESTING:
        return [[(start, end)]]
    opening, commas, closing = group
    edges = [opening, *commas, closing]
    middles: list[Ranges] = []
    for left, right in itertools.pairwise(edges):
        inner = _expand(active, left + 1, right, depth + 1)
        if inner is None:
            return None
        middles.extend(inner)
    rests = _expand(active, closing + 1, end, depth + 1)
    if rests is None or len(middles) * len(rests) > _MAX_ALTERNATIVES:
        return None
    return [[(start, opening), *middle, *rest] for middle in middles for rest in rests]


def _first_group(active: bytes, start: int, end: int) -> tuple[int, list[int], int] | None:
    """The first `{` with a comma and a `}` of its own: the offsets of the three."""
    open_groups: list[tuple[int, list[int]]] = []
    best: tuple[int, list[int], int] | None = None
    for offset in range(start, end):
        byte = active[offset]
        if byte == _OPENING:
            open_groups.append((offset, []))
        elif byte == _COMMA and open_groups:
            open_groups[-1][1].append(offset)
        elif byte == _CLOSING and open_groups:
            opening, commas = open_groups.pop()
            if commas and (best is None or opening < best[0]):
                best = (opening, commas, offset)
            if best is not None and not open_groups:
                return best
    return best
