"""The rule reference is what the rules and classes say, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rule_reference import COMMAND, DOCS, pages

PAGES = pages()


def test_there_is_a_page_for_each_pack_and_no_other() -> None:
    assert set(DOCS.rglob("*.md")) == set(PAGES), f"run: {COMMAND}"


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_a_page_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], f"run: {COMMAND}"


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", PAGES[path]):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target in PAGES
        headings = re.findall(r"^#+ (.+)$", PAGES[target], re.MULTILINE)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}
