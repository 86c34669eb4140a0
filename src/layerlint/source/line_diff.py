"""Which lines changed between two versions of a file, in time that is linear but for a sort.

The standard library's matcher takes quadratic time on repetitive files. Fixes change few lines and mostly keep
their number, so that lines which occur once in both versions (as in a patience diff) and equal counts between them
are enough to find what a person would mark. The result always turns one version into the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Change(NamedTuple):
    """Lines `old_start` up to `old_end` became lines `new_start` up to `new_end`; all count from 0."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changes(old: Sequence[bytes], new: Sequence[bytes]) -> list[Change]:
    """What changed, in order, with at least one equal line between two changes."""
    found: list[Change] = []
    old_at = new_at = 0
    for old_next, new_next in (*_anchors(old, new), (len(old), len(new))):
        for change in _between(old, new, Change(old_at, old_next, new_at, new_next)):
            if found and (found[-1].old_end, found[-1].new_end) == (change.old_start, change.new_start):
                found[-1] = Change(found[-1].old_start, change.old_end, found[-1].new_start, change.new_end)
            else:
                found.append(change)
        old_at, new_at = old_next, new_next
    return found


def _between(old: Sequence[bytes], new: Sequence[bytes], block: Change) -> Iterator[Change]:
    """The changes within two blocks: equal lines at both ends do not count, nor do pairs of blocks of one length."""
    start, old_end, new_start, new_end = block
    while start < old_end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    if old_end - start != new_end - new_start:
        yield Change(start, old_end, new_start, new_end)
        return
    for index in range(old_end - start):
        if old[start + index] != new[new_start + index]:
            yield Change(start + index, start + index + 1, new_start + index, new_start + index + 1)


def _anchors(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """The longest run of lines that occur once in each version and stand in the same order in both."""
    new_places = _once(new)
    pairs = [(index, new_places[line]) for line, index in _once(old).items() if line in new_places]
    # Longest increasing subsequence of the places in `new`, by piles.
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            top_pairs.append(number)
        else:
            tops[pile] = place
            top_pairs[pile] = number
    chain: list[tuple[int, int]] = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    chain.reverse()
    return chain


def _once(lines: Sequence[bytes]) -> dict[bytes, int]:
    """The lines that occur once and where, in order."""
    places: dict[bytes, int] = {}
    repeated: set[bytes] = set()
    for index, line in enumerate(lines):
        if line in places:
            repeated.add(line)
        else:
            places[line] = index
    return {line: index for line, index in places.items() if line not in repeated}
