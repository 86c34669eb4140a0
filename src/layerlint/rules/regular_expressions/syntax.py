"""Regular expressions, read into the steps of a machine that never goes back.

The form is that of Python's, and what matches is the same; left out is what such a machine cannot do, or what can take
forever: backreferences, lookarounds, possessive and atomic groups.
"""

from __future__ import annotations

from layerlint.rules.regular_expressions.steps import (
    MAX_STEPS,
    TOO_LARGE,
    Accepts,
    Anchor,
    Emit,
    EndlessExpressionError,
    RegularExpressionError,
    Step,
    either,
    is_of_word,
    one_after_another,
    repeat,
    take_one,
)

_MAX_OPEN = 100
_MAX_DIGITS = len(str(MAX_STEPS))
"""Of a number of repetitions. Python itself refuses to read one of thousands."""


def read_regular_expression(pattern: str) -> tuple[Step, ...]:
    """The steps of the machine; it begins at the first one. Raises RegularExpressionError."""
    ignores_case = pattern.startswith("(?i)")
    reader = _Reader(pattern, 4 if ignores_case else 0, ignores_case=ignores_case)
    whole = reader.alternatives()
    if reader.at < len(pattern):
        raise RegularExpressionError('a ")" closes nothing')
    steps: list[Step] = []
    whole(steps)
    steps.append(Step())
    return tuple(steps)


class _Reader:
    """Reads from left to right, one character ahead."""

    def __init__(self, pattern: str, at: int, *, ignores_case: bool) -> None:
        self.pattern = pattern
        self.at = at
        self.ignores_case = ignores_case
        self.open = 0

    def alternatives(self) -> Emit:
        """Up to the end, or to the bracket that closes the group."""
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return either(found) if len(found) > 1 else found[0]

    def _sequence(self) -> Emit:
        items: list[Emit] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            items.append(self._repeated(self._item()))
        return one_after_another(items)

    def _repeated(self, item: Emit) -> Emit:
        while (bounds := self._quantifier()) is not None:
            if self._take("+"):
                raise RegularExpressionError("possessive quantifiers are not read here: leave the + out")
            self._take("?")  # whether more or less is taken is of no matter for whether there is a match
            item = repeat(item, *bounds)
            if self._peek() in {"*", "+"}:
                raise RegularExpressionError(f'nothing is repeated by the "{self._peek()}" at {self.at + 1}')
        return item

    def _quantifier(self) -> tuple[int, int | None] | None:
        if self._take("*"):
            return 0, None
        if self._take("+"):
            return 1, None
        if self._take("?"):
            return 0, 1
        if self._peek() != "{":
            return None
        text, bracket, _ = self.pattern[self.at + 1 :].partition("}")
        least, comma, most = text.partition(",")
        numbers = [number for number in (least, most) if number]
        if not bracket or not text or any(not (n.isascii() and n.isdigit()) for n in numbers):
            return None  # a brace that stands for itself, as in Python
        if any(len(number.lstrip("0")) > _MAX_DIGITS for number in numbers):
            raise RegularExpressionError(TOO_LARGE)
        self.at += len(text) + 2
        upper = (int(most) if most else None) if comma else int(least)
        if upper is not None and upper < int(least or 0):
            raise RegularExpressionError(f"{{{text}}} asks for at least {least} and at most {most}")
        return int(least or 0), upper

    def _item(self) -> Emit:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return take_one(self._class())
            case ".":
                return take_one(lambda each: each != "\n")
            case "^" | "$":
                step = Step(anchor=Anchor(character))
                return lambda steps: steps.append(step._replace(to=(len(steps) + 1,)))
            case "*" | "+" | "?":
                raise RegularExpressionError(f'nothing is repeated by the "{character}" at {self.at}')
            case "\\":
                return self._escape()
        return take_one(self._exactly(character))

    def _group(self) -> Emit:
        if self._take("?") and not self._take(":"):
            kind = self._peek()
            if kind in {"=", "!", "<", ">"}:
                raise EndlessExpressionError(f"it looks around, or holds on to what it has (`(?{kind}`)")
            raise RegularExpressionError(f"(?{kind} is not read here; (?i) stands at the beginning")
        self.open += 1
        if self.open > _MAX_OPEN:
            raise RegularExpressionError(f"more than {_MAX_OPEN} groups are in each other")
        inner = self.alternatives()
        if not self._take(")"):
            raise RegularExpressionError('a ")" is missing')
        self.open -= 1
        return inner

    def _escape(self) -> Emit:
        character = self._next('the "\\" at the end escapes nothing')
        if character.isascii() and character.isdigit() and character != "0":
            raise EndlessExpressionError(f"it refers back to a group (`\\{character}`)")
        if character in _ANCHORS:
            anchor = Step(anchor=_ANCHORS[character])
            return lambda steps: steps.append(anchor._replace(to=(len(steps) + 1,)))
        return take_one(self._escaped(character))

    def _escaped(self, character: str) -> Accepts:
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROL:
            return self._exactly(_CONTROL[character])
        return self._exactly(_itself(character))

    def _class(self) -> Accepts:
        negated = self._take("^")
        accepted: list[Accepts] = []
        while True:
            character = self._next('a "]" is missing')
            if character == "]" and accepted:
                break
            if character == "\\":
                escaped = self._next('a "]" is missing')
                if escaped in _CLASSES:
                    accepted.append(_CLASSES[escaped])
                    continue
                character = self._plain(escaped)
            if self._peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in {"]", ""}:
                self._next()
                last = self._next()
                last = self._plain(self._next()) if last == "\\" else last
                if last < character:
                    raise RegularExpressionError(f"the range {character}-{last} goes backwards")
                accepted.append(self._between(character, last))
            else:
                accepted.append(self._exactly(character))
        found = tuple(accepted)
        return lambda each: any(accepts(each) for accepts in found) is not negated

    def _plain(self, escaped: str) -> str:
        if escaped in _CONTROL:
            return _CONTROL[escaped]
        return "\b" if escaped == "b" else _itself(escaped)

    def _exactly(self, character: str) -> Accepts:
        if self.ignores_case:
            forms = {character, character.lower(), character.upper()}
            return forms.__contains__
        return character.__eq__

    def _between(self, first: str, last: str) -> Accepts:
        if self.ignores_case:
            return lambda each: first <= each <= last or first <= each.lower() <= last or first <= each.upper() <= last
        return lambda each: first <= each <= last

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self.at += 1
        return True

    def _next(self, missing: str = "it ends too early") -> str:
        if self.at >= len(self.pattern):
            raise RegularExpressionError(missing)
        self.at += 1
        return self.pattern[self.at - 1]


def _itself(escaped: str) -> str:
    """A character that stands for itself behind a backslash. Raises RegularExpressionError."""
    if escaped.isascii() and escaped.isalnum():
        step = f"write the character that it stands for, or `\\\\{escaped}` for a backslash and the letter"
        raise RegularExpressionError(f"`\\{escaped}` is not read here: {step}")
    return escaped


_CLASSES: dict[str, Accepts] = {
    "d": str.isdecimal,
    "D": lambda character: not character.isdecimal(),
    "s": str.isspace,
    "S": lambda character: not character.isspace(),
    "w": is_of_word,
    "W": lambda character: not is_of_word(character),
}
_ANCHORS = {"A": Anchor.START, "Z": Anchor.END, "b": Anchor.BOUNDARY}
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
