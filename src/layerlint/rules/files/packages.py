"""Rules that installed packages bring: `package:NAME`, where a package names the folder of its rules NAME.

A package says so with an entry point of the group `layerlint.rules`; its value is the importable package that the rule
files are in, `acme_rules` or `acme.rules`. Nothing of the package is imported or run: its files are data.

Looked for only when a name is asked for. Reading the metadata of all that is installed takes longer than a small run
(and `importlib.metadata` several times that), so that rules are never taken because they happen to be installed; nor
would the same configuration then mean the same on two machines.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from layerlint.errors import Mistake, UserError
from layerlint.rules.files.rule_files import PACKAGE_PREFIX
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

GROUP = "layerlint.rules"
_LINE = lazy_pattern(r"\s*([^=\s#;\[][^=]*?)\s*=\s*(.*?)\s*")
_MODULE = lazy_pattern(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_MAX_SIZE = 1_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules that a package offers: under which name, in which importable package, and the file that says so."""

    name: str
    module: str
    path: str


def package_folder(name: str) -> Path:
    """The folder of the rules that a package which is installed for this interpreter offers under `name`.

    Raises UserError.
    """
    packs = [*offered(sys.path)]
    found = [pack for pack in packs if pack.name == name]
    shown = f"{PACKAGE_PREFIX}{name}"
    if not found:
        names = sorted({pack.name for pack in packs})
        cause = f"installed are: {', '.join(names)}" if names else "no installed package offers any"
        near = get_close_matches(name, names, n=1)
        step = f'did you mean "{PACKAGE_PREFIX}{near[0]}"?' if near else f"install it for {sys.executable}"
        raise UserError(Mistake(f'no installed package offers rules as "{name}"', cause, step, shown))
    if len({pack.module for pack in found}) > 1:
        cause = "; ".join(f"{pack.path} says {pack.module}" for pack in found)
        raise UserError(Mistake(f'several packages offer rules as "{name}"', cause, "uninstall all but one", shown))
    folder = _folder(found[0].module)
    if folder is None:
        cause = f"{found[0].path} says {found[0].module}, which is no folder that is installed"
        step = "the value is the name of a package that has the rule files in it, like acme_rules"
        raise UserError(Mistake(f'the rules "{name}" are not where their package says', cause, step, shown))
    return folder


def offered(search: Sequence[str]) -> Iterator[Pack]:
    """All rules that the packages installed in some folders offer. What is in two of the folders counts once."""
    seen: set[str] = set()
    for folder in search:
        try:
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208 (of all that is installed)
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")) and name not in seen:
                seen.add(name)
                yield from _of(Path(folder or ".", name, "entry_points.txt"))


def _of(path: Path) -> Iterator[Pack]:
    """What one package's metadata says (packaging.python.org: Entry points specification)."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_SIZE).decode("utf-8", "replace")
    except OSError:
        return
    if GROUP not in text:
        return
    section = ""
    for line in text.splitlines():
        if line.strip().startswith("["):
            section = line.strip().strip("[]").strip()
        elif section == GROUP and (match := _LINE.fullmatch(line)):
            yield Pack(match[1], match[2], path.as_posix())


def _folder(module: str) -> Path | None:
    """The folder of an importable package, found as an import would find it, without importing it."""
    if not _MODULE.fullmatch(module):
        return None
    top, *below = module.split(".")
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    places = (found.submodule_search_locations if found is not None else None) or ()
    folders = (Path(place, *below) for place in places)
    return next((folder for folder in folders if folder.is_dir()), None)
