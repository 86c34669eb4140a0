"""Text that others wrote made safe to show: what a terminal would obey and a reader would not see is spelled out.

A Dockerfile may hold escape sequences that rewrite the screen, characters that turn the reading direction
(CVE-2021-42574) and bytes that are no text at all. Every reporter sends its text through here, as does what is said of
rules and on standard error: there a line feed in a name would begin a line, and GitHub takes one that begins with two
colons for a command. A patch and a mended file must give the bytes back: only a terminal gets them made visible.
"""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Control, format (bidirectional controls and zero-width characters are among them), surrogate, line and paragraph
# separator. Unassigned code points stay, since which ones they are depends on the version of Python; but not those that
# never become characters.
UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str, *, keep: str = "") -> str:
    """`text` with every character that is not seen replaced, except for those in `keep`.

    An ASCII control character becomes its picture (U+2400 and on), a lone surrogate U+FFFD, any other its code point
    in the form `<U+202E>`.
    """
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() or char in keep else _shown(char) for char in text])


def visible_lines(text: str) -> str:
    """The lines of a file, made visible; they stay lines, and what stands in columns stays there."""
    return visible(text, keep="\n\t")


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    import unicodedata  # hardly any text needs it

    category = unicodedata.category(char)
    if category == "Cs":
        return REPLACEMENT
    return f"<U+{code:04X}>" if category in UNSEEN_CATEGORIES or _is_noncharacter(code) else char


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode promises that `code` never becomes a character; XML 1.0 forbids U+FFFE and U+FFFF."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
