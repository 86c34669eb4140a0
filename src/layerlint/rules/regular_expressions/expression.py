"""Regular expressions that take time in proportion to the text, whatever the expression and the text are.

Rules come from anywhere and are held against text from anywhere, and Python's `re` goes back and tries again: the time
that `(a+)+b` takes doubles with every character. Here all ways through the expression are followed at the same time,
and which set of ways follows on which is remembered (Thompson 1968; RE2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from layerlint.rules.regular_expressions.steps import Anchor, Step, is_of_word
from layerlint.rules.regular_expressions.syntax import read_regular_expression
from layerlint.shell.syntax import NotFollowedError

# Places that only what comes behind them says.
_OF_WHAT_FOLLOWS = frozenset({Anchor.END, Anchor.BOUNDARY})
_MAX_REMEMBERED = 200_000
"""Ways, in all the sets of them that one expression remembers."""
_MAX_WORK = 3_000_000
"""Ways that are gone in one text, over all of its characters: what takes a second where nothing is remembered."""
_SHOWN = 60
"""The most characters of an expression in a message."""


class RegularExpression:
    """One expression, ready to be used."""

    def __init__(self, pattern: str) -> None:
        """Raises RegularExpressionError."""
        self._pattern = pattern
        self._steps = read_regular_expression(pattern)
        self._has_boundaries = any(step.anchor is Anchor.BOUNDARY for step in self._steps)
        self._following: dict[tuple[frozenset[int], str, bool | None], frozenset[int]] = {}
        self._first = self._reached([0], at_start=True)
        self._restart = self._reached([0])
        self._last = len(self._steps) - 1

    def search(self, text: str) -> bool:
        """Whether any part of `text` matches. Raises NotFollowedError when it would take too long to say."""
        ways, following = self._first, self._following
        in_word: bool | None = None  # at the start, and where nothing asks
        # What is remembered does not count for less: it depends on the texts before this one.
        work = 0 if len(text) * len(self._steps) > _MAX_WORK else None
        for character in text:
            if self._last in ways:
                return True
            if work is not None:
                work += len(ways)
                if work > _MAX_WORK:
                    raise self._takes_too_long(len(text))
            key = (ways, character, in_word)
            found = following.get(key)
            if found is None:
                if len(following) * len(self._steps) > _MAX_REMEMBERED:
                    following.clear()
                found = following[key] = self._after(ways, character, in_word=in_word)
            ways = found
            if self._has_boundaries:
                in_word = is_of_word(character)
        # `$` also holds in front of a line feed that ends the text in Python; texts here are one line.
        at_end = self._reached(ways, at_start=not text, at_end=True, at_boundary=bool(in_word))
        return self._last in ways or self._last in at_end

    def _takes_too_long(self, length: int) -> NotFollowedError:
        pattern = self._pattern if len(self._pattern) <= _SHOWN else f"{self._pattern[: _SHOWN - 1]}…"
        said = f"a text of {length:,} characters is too long for the regular expression `{pattern}` of a rule"
        return NotFollowedError(f"In this file {said}, and is not held against it.", None)

    def _after(self, ways: frozenset[int], character: str, *, in_word: bool | None) -> frozenset[int]:
        if self._has_boundaries and is_of_word(character) is not bool(in_word):
            ways = self._reached(ways, at_start=in_word is None, at_boundary=True)
            if self._last in ways:
                return ways
        taken = [step.to[0] for way in ways if (step := self._steps[way]).takes is not None and step.takes(character)]
        return self._reached(taken) | self._restart

    def _reached(
        self, start: Iterable[int], *, at_start: bool = False, at_end: bool = False, at_boundary: bool = False
    ) -> frozenset[int]:
        """Where the machine can be without another character: where it takes one, waits for what follows, or ends."""
        holding = {Anchor.START: at_start, Anchor.END: at_end, Anchor.BOUNDARY: at_boundary}
        steps: Sequence[Step] = self._steps
        seen: set[int] = set()
        waiting = list(start)
        while waiting:
            way = waiting.pop()
            if way in seen:
                continue
            seen.add(way)
            step = steps[way]
            if step.takes is None and (step.anchor is None or holding[step.anchor]):
                waiting.extend(step.to)
        return frozenset(
            way for way in seen if steps[way].takes or steps[way].anchor in _OF_WHAT_FOLLOWS or not steps[way].to
        )


@lru_cache(maxsize=512)
def regular_expression(pattern: str) -> RegularExpression:
    """The expression, made once. Raises RegularExpressionError."""
    return RegularExpression(pattern)
