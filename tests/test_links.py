"""Each link between the project's documents leads to a file that is there, and to a heading that it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.readme import PROJECT

_FOLDERS = ("benchmarks", "docs", "examples", "rules", "tests")
DOCUMENTS = [
    *sorted(PROJECT.glob("*.md")),
    *(path for name in _FOLDERS for path in sorted((PROJECT / name).rglob("*.md"))),
]
_LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(path: Path) -> set[str]:
    """The headings of a document as links name them."""
    text = _CODE.sub("", path.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_each_link_leads_somewhere(document: Path) -> None:
    text = _CODE.sub("", document.read_text(encoding="utf-8"))
    wrong = []
    for link, heading in _LINK.findall(text):
        target = (document.parent / link).resolve() if link else document
        if not target.exists() or (heading and target.suffix == ".md" and heading not in headings(target)):
            wrong.append(f"{link}#{heading}")
    assert wrong == []
