"""XML that every reader takes, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from layerlint.visible import visible

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def add_element(parent: ET.Element | None, tag: str, attributes: Mapping[str, object], text: str = "") -> ET.Element:
    """A new element, below `parent` if there is one. What XML forbids in its attributes and its text is spelled out."""
    shown = {name: visible(str(value), keep="\n") for name, value in attributes.items()}
    element = ET.Element(tag, shown) if parent is None else ET.SubElement(parent, tag, shown)
    element.text = visible(text, keep="\n") or None
    return element


def xml_text(element: ET.Element, level: int) -> str:
    """`element` as lines of text, indented as one that is `level` elements deep."""
    ET.indent(element, level=level)
    return "  " * level + ET.tostring(element, encoding="unicode") + "\n"
