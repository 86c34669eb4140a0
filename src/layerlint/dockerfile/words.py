"""Text with variables to text without, as Docker substitutes them outside of the shell."""

from __future__ import annotations

from collections.abc import Mapping


def expand(text: str, variables: Mapping[str, str | None], escape: str = "\\") -> str | None:
    """What Docker makes of `text` in an instruction that it expands: quotes and escapes off, variables replaced.

    `variables` are those that are set; a value of None is known to be there and not known itself. A name that is not
    among them is unset, which is the empty text. The result is None when it depends on what is not known, when Docker
    would refuse the text, and when the text nests or grows beyond all reason.
    """
    if not is_special(text, escape):
        return text
    from layerlint.dockerfile.lexer import Lexer, LexError, TooComplexError, joined  # most files have no need of it

    try:
        return joined(Lexer(text, variables, escape).run())
    except (LexError, TooComplexError):
        return None


def refusal(text: str, escape: str = "\\") -> str | None:
    """Why Docker refuses to expand `text`: an unclosed quote, a bad substitution. None if it does not."""
    if not is_special(text, escape):
        return None
    from layerlint.dockerfile.lexer import Lexer, LexError, TooComplexError  # as above

    try:
        # Without variables: whether one is set, and so whether `${x:?}` fails, is not the question.
        Lexer(text, None, escape).run()
    except LexError as error:
        return str(error)
    except TooComplexError:
        return None
    return None


def is_special(text: str, escape: str) -> bool:
    """Whether `text` has anything in it that does not stand for itself."""
    return "$" in text or '"' in text or "'" in text or escape in text
