"""Rule files to a rule set. Every mistake in every file is found before any Dockerfile is read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerlint.errors import Mistake
from layerlint.rules.files import store
from layerlint.rules.files.rule_files import read_rule_files
from layerlint.rules.ruleset import RuleSet, make_ruleset


def shipped_folder() -> Path:
    """The folder of the rules that come with layerlint: inside an installed wheel, at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "packs"
    return installed if installed.is_dir() else package.parent.parent / "rules"


def load(paths: Iterable[Path] = (), *, shipped: bool = True) -> RuleSet:
    """The shipped rules and those in `paths`: files, folders with `*.yaml` and `*.yml` files in them, `package:NAME`.

    Raises UserError with every mistake in every file.
    """
    mistakes: list[Mistake] = []
    files = read_rule_files([*([shipped_folder()] if shipped else []), *paths], mistakes)
    compiled = store.find(files) if not mistakes else None
    if compiled is None:
        from layerlint.rules.checks.checked import check_files  # what it needs takes as long as a small run

        compiled = check_files(files, mistakes)
        store.keep(files, compiled)
    return make_ruleset(compiled)
