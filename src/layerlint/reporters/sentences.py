"""What a finding says, as sentences, for formats that have one place for it."""

from __future__ import annotations

from layerlint.finding import Finding
from layerlint.visible import visible


def sentence(text: str) -> str:
    """`text` with a full stop, if it does not end in a mark of its kind."""
    return text if text.endswith((".", "!", "?")) else text + "."


def message_and_advice(finding: Finding) -> str:
    """What is wrong, and what to write instead; only line feeds are left of characters that are not seen."""
    parts = (finding.message, finding.advice) if finding.advice else (finding.message,)
    return visible(" ".join(sentence(part) for part in parts), keep="\n")
