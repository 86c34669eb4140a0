"""`python -m tests.mutation`: break one thing at a time in the modules below, and see whether a test notices.

The modules are loaded once. Each mutant lives in a process that is forked from there, in which one function has other
code. Tests are not loaded before: BuildKit's parser brings Go's threads, which no fork survives. What no test notices
is printed: it lacks a test, or changes nothing that matters.
"""

# ruff: noqa: T201 - a command prints

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import random
import resource
import sys
import time
import types
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants

_PARSER = ("tests/dockerfile/test_parser.py", "tests/dockerfile/test_buildkit.py")
_APPENDING = "tests/edits/test_appending.py"
_EDITS = ("tests/rules/test_part_fixes.py", "tests/edits/test_ways_to_fix.py", _APPENDING)
_FIXES = (
    *_EDITS,
    "tests/rules/test_command_fixes.py",
    "tests/rules/test_needed.py",
    "tests/rules/test_strict_removals.py",
    "tests/rules/test_new_tool.py",
    "tests/rules/test_new_tool_by_options.py",
    "tests/rules/test_new_tool_rules.py",
    "tests/rules/test_examples.py",
    "tests/rules/test_refused_fixes.py",
)
MODULES = {
    "layerlint.dockerfile.lines": _PARSER,
    "layerlint.dockerfile.heredocs": _PARSER,
    "layerlint.dockerfile.parser": _PARSER,
    "layerlint.fixing.fixer": ("tests/fixing/test_fixing.py", "tests/fixing/test_fix_check.py"),
    "layerlint.fixing.fix_check": ("tests/fixing/test_fix_check.py", "tests/fixing/test_fixing.py", *_EDITS),
    "layerlint.rules.fixes.make": _FIXES,
    "layerlint.rules.facts.scene": _FIXES,
    "layerlint.rules.fixes.command_fixes": (_APPENDING, *_FIXES),
    "layerlint.rules.fixes.join_fixes": ("tests/edits/test_joining.py", *_FIXES),
    "layerlint.rules.fixes.mount_fixes": ("tests/edits/test_mounts.py", *_FIXES),
    "layerlint.rules.fixes.environment_fixes": ("tests/edits/test_environment.py", *_FIXES),
    "layerlint.rules.fixes.replace_fixes": _FIXES,
    "layerlint.rules.fixes.part_fixes": _FIXES,
    "layerlint.rules.fixes.use_refusals": _FIXES,
    "layerlint.rules.fixes.strict_removals": ("tests/rules/test_strict_removals.py", *_FIXES),
    "layerlint.system.write_back": (
        "tests/system/test_write_back.py",
        "tests/cli/test_cli_fix.py",
        "tests/adverse_system/test_files.py",
    ),
    "layerlint.system.replacement": (
        "tests/system/test_output_file.py",
        "tests/system/test_write_back.py",
        "tests/cli/test_cli_fix.py",
    ),
    "layerlint.edits.commands": ("tests/edits/test_commands.py", *_EDITS),
    "layerlint.edits.environment": ("tests/edits/test_environment.py", *_EDITS),
    "layerlint.edits.layout": ("tests/edits/test_layout.py", "tests/edits/test_joining.py", *_EDITS),
    "layerlint.edits.mounts": ("tests/edits/test_mounts.py", *_EDITS),
    "layerlint.edits.words": _EDITS,
    "layerlint.edits.appending": (_APPENDING, *_EDITS),
    "layerlint.caches.ledger": (
        "tests/caches/test_ledger.py",
        "tests/caches/test_build_arguments.py",
        "tests/caches/test_configuration_written.py",
        "tests/rules/test_examples.py",
        "tests/rules/test_new_tool.py",
        "tests/rules/test_new_tool_rules.py",
        "tests/caches/test_late_removals.py",
        "tests/caches/test_known_places.py",
        "tests/caches/test_several_tools.py",
        "tests/oracle/test_oracle.py",
    ),
}
_SECONDS = 20
"""Of processor time: a mutant that takes longer does not end, which a test would notice."""


def passes(tests: tuple[str, ...], change: Callable[[], None] = lambda: None) -> bool:
    """Whether all `tests` pass in a process of their own in which `change` was made first."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        try:
            change()
            os._exit(_run(tests))
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def survives(module: types.ModuleType, mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Whether all `tests` pass with the mutant in the place of the function that it is made from."""
    code = _code(compile(mutant.tree, str(module.__file__), "exec"), mutant.function)

    def change() -> None:
        _function(module, mutant.function).__code__ = code

    return passes(tests, change)


def _run(tests: tuple[str, ...]) -> int:
    # Looking for what is left behind takes longer than most mutants live.
    unneeded = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception"]
    deselected = ["-k", "not corpus and not whatever and not grow"]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        # One by one: to collect all of them takes longer than the first of them to fail.
        runs = (pytest.main(["-x", "-q", "-n", "0", *unneeded, *deselected, test]) for test in dict.fromkeys(tests))
        return int(any(status is not pytest.ExitCode.OK for status in runs))


def _function(module: types.ModuleType, name: str) -> types.FunctionType:
    found: object = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    for wrapper in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, wrapper, found)
    if not isinstance(found, types.FunctionType):
        raise TypeError(f"{name} is no function")
    return found


def _code(code: types.CodeType, name: str) -> types.CodeType:
    for part in name.split("."):
        code = next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == part)
    return code


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--module", choices=MODULES, action="append", help="only this one (repeatable)")
    parser.add_argument("--most", type=int, default=sys.maxsize, help="of each module, so many chosen by chance")
    options = parser.parse_args()
    survived = 0
    for name in options.module or MODULES:
        module = importlib.import_module(name)
        path = Path(str(module.__file__))
        found = list(mutants(path.read_text(encoding="utf-8")))
        chosen = sorted(random.Random(name).sample(range(len(found)), min(options.most, len(found))))
        start, left = time.monotonic(), 0
        if not passes(MODULES[name]):
            sys.exit(f"{name}: the tests fail as it is")
        for index in chosen:
            mutant = found[index]
            if survives(module, mutant, MODULES[name]):
                left += 1
                print(f"{path.name}:{mutant.line} {mutant.function}: {mutant.change}", flush=True)
        survived += left
        seconds = time.monotonic() - start
        print(f"{name}: {len(chosen)} of {len(found)} mutants, {left} survived, {seconds:.0f} s", flush=True)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
