# ruff: noqa: E501, ISC004, PLW1510, PTH100, PTH109

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layerlint.config.file import Configuration, Configurations
from layerlint.rules.selection import RuleNames
from tests.program import unmeasured
from tests.sample_rules import RULES


@pytest.fixture(autouse=True)
def _in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def above(folder: str) -> str | None:
    configurations = Configurations()
    file = configurations.above(os.path.abspath(folder))
    assert not configurations.mistakes
    return file and file.path


FULL_YAML = """\
select: [TST]
ignore: [TST002]
severity: {TST001: error, TST002: off}
per-file-ignores: {"legacy/": [TST001]}
fail-on: info
rules: [more]
exclude: [vendor/, "*.old"]
"""
FULL_TOML = """\
[tool.layerlint]
select = ["TST"]
ignore = ["TST002"]
severity = { TST001 = "error", TST002 = "off" }
fail-on = "info"
rules = ["more"]
exclude = ["vendor/", "*.old"]
[tool.layerlint.per-file-ignores]
"legacy/" = ["TST001"]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [(".layerlint.yaml", FULL_YAML), (".layerlint.yml", FULL_YAML), ("pyproject.toml", FULL_TOML)],
    ids=["yaml", "yml", "toml"],
)
def test_every_key(tmp_path, name, text):
    write(name, text)
    write("more", "X1")
    configurations = Configurations()
    file = configurations.above(str(tmp_path))
    assert not configurations.mistakes
    assert file is not None
    assert file.content == Configuration(
        select=("TST",),
        ignore=("TST002",),
        severity={"TST001": "error", "TST002": "off"},
        per_file_ignores={"legacy/": ("TST001",)},
        fail_on="info",
        rules=("more",),
        exclude=("vendor/", "*.old"),
    )
    assert file.rule_paths == (str(tmp_path / "more"),)
    assert configurations.excludes(str(tmp_path / "vendor"), True)
    assert configurations.excludes(str(tmp_path / "a/b.old"), False)
    assert not configurations.excludes(str(tmp_path / "a/b.new"), False)
    assert [bool(globs.matches(str(tmp_path / "legacy/Dockerfile"))) for globs, _ in file.per_file_ignores] == [True]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({".layerlint.yaml": ""}, ".layerlint.yaml", id="above"),
        pytest.param({".layerlint.yaml": "", "a/.layerlint.yml": ""}, "a/.layerlint.yml", id="the nearest"),
        pytest.param({".layerlint.yaml": "", "a/pyproject.toml": "[tool.ruff]\n"}, ".layerlint.yaml", id="no table"),
        pytest.param({".layerlint.yaml": "", "a/pyproject.toml": "x = 'layerlint'"}, ".layerlint.yaml", id="a word"),
        pytest.param({"a/pyproject.toml": "[tool.layerlint]\n"}, "a/pyproject.toml", id="empty table"),
        pytest.param({"a/.layerlint.yaml": "", "a/pyproject.toml": "[tool.layerlint]\nx=1"}, "a/.layerlint.yaml", id="yaml before toml"),
        pytest.param({"a/pyproject.toml": "not [ TOML"}, None, id="bad TOML that is none of our business"),
        pytest.param({"a/.layerlint.yaml/x": "", ".layerlint.yaml": ""}, ".layerlint.yaml", id="a folder of that name"),
    ],
)  # fmt: skip
def test_which_file_holds(files, expected):
    for path, text in files.items():
        write(path, text)
    Path("a/b").mkdir(parents=True, exist_ok=True)
    assert above("a/b") == expected


def test_a_folder_is_looked_at_once(monkeypatch):
    write("pyproject.toml", "[tool.layerlint]\n")
    configurations = Configurations()
    first = configurations.above(os.path.abspath("a/b"))
    monkeypatch.setattr(Configurations, "_in", None)
    assert configurations.above(os.path.abspath("a/b")) is first
    assert configurations.above(os.path.abspath("a")) is first
    assert configurations.files() == [first]


def test_a_run_without_configuration_imports_neither_yaml_nor_pydantic():
    script = (
        "import sys, os\n"
        "from layerlint.config.file import Configurations\n"
        "assert Configurations().above(os.getcwd()) is None\n"
        "print(sorted({'yaml', 'pydantic', 'pathspec', 'tomllib', 'typer'} & set(sys.modules)))\n"
    )
    write("pyproject.toml", "[tool.ruff]\n")
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, env=unmeasured(), capture_output=True, text=True).stdout == "[]\n"


def test_isolated_and_one_file_for_all(tmp_path):
    write(".layerlint.yaml", "select: [A]\n")
    write("conf/other.toml", "select = ['TST001']\nexclude = ['a/x']\nrules = ['r']\n")
    write("conf/r", "X1")
    assert Configurations(isolated=True).above(str(tmp_path)) is None
    configurations = Configurations(file="conf/other.toml")
    file = configurations.above("/")
    assert not configurations.mistakes
    assert file is not None
    assert file.content.select == ("TST001",)
    assert file.rule_paths == (str(tmp_path / "conf/r"),), "relative to the file"
    assert configurations.excludes(str(tmp_path / "a/x"), False), "relative to the current folder"


def mistakes(name: str, text: str | bytes) -> list[str]:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    configurations = Configurations()
    configurations.above(os.getcwd())
    found = [*configurations.mistakes]
    for file in configurations.files():
        found += file.unknown_rules(RuleNames(RULES))
    return [str(mistake) for mistake in found]


NO_TABLE = (
    'error: "tool.layerlint" has the wrong type\n'
    "  it must be a table, which stands once and has the keys of the configuration\n"
    "  help: write [tool.layerlint], and the keys below it"
)
KEYS = "known keys: select, ignore, severity, per-file-ignores, fail-on, rules, exclude, fix-with, unsafe-fixes, images, baseline"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            ".layerlint.yaml",
            "selct: [TST]\nfail-on: warn\nignore: TST\n",
            [
                f'.layerlint.yaml:1:1: error: unknown key "selct"\n  {KEYS}\n  help: did you mean "select"?',
                '.layerlint.yaml:2:10: error: "fail-on" cannot be "warn"\n'
                "  it must be one of: error, warning, info, never\n"
                '  help: did you mean "warning"?',
                '.layerlint.yaml:3:9: error: "ignore" has the wrong type\n  it must be a list, and here is "TST"\n'
                '  help: write ["TST"]',
            ],
            id="yaml: all at once",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\nname = "x"\n[tool.layerlint]\nfail-on = true\nseverity = { TST001 = "of" }\nextra = 1\n',
            [
                'pyproject.toml:4:11: error: "fail-on" cannot be true\n  it must be one of: error, warning, info, never',
                'pyproject.toml:5:23: error: "TST001" cannot be "of"\n'
                "  it must be one of: error, warning, info, off\n"
                '  help: did you mean "off"?',
                f'pyproject.toml:6:1: error: unknown key "extra"\n  {KEYS}',
            ],
            id="toml: all at once",
        ),
        pytest.param(
            ".layerlint.yaml",
            "select: [TST, TSR001]\nseverity:\n  bad-wrd: off\nper-file-ignores:\n  a/*: [ALL, QQ]\n",
            [
                '.layerlint.yaml:1:15: error: unknown rule "TSR001"\n'
                "  no rule has this id, name, alias or prefix\n"
                '  help: did you mean "TST001"?',
                '.layerlint.yaml:3:3: error: unknown rule "bad-wrd"\n'
                "  no rule has this id, name, alias or prefix\n"
                '  help: did you mean "bad-word"?',
                '.layerlint.yaml:5:14: error: unknown rule "QQ"\n'
                "  no rule has this id, name, alias or prefix\n"
                "  help: `layerlint rules` lists them all",
            ],
            id="unknown rules",
        ),
        pytest.param(
            ".layerlint.yaml",
            "exclude: [ok, '!']\nper-file-ignores:\n  '[z-a]': [TST]\nrules: [nope]\n",
            [
                '.layerlint.yaml:1:15: error: "!" is not a pattern\n'
                "  patterns are written as in .gitignore, and this one is not one",
                '.layerlint.yaml:3:3: error: "[z-a]" is not a pattern\n'
                "  patterns are written as in .gitignore, and this one is not one",
                ".layerlint.yaml:4:9: error: the rules are not there\n"
                "  nope: there is no such file or folder\n"
                "  help: the path is relative to the configuration's folder",
            ],
            id="patterns and paths",
        ),
        pytest.param(
            ".layerlint.yaml",
            "rules: [., '']\n",
            [
                ".layerlint.yaml:1:12: error: the rules are not there\n"
                "  an empty path leads nowhere\n"
                '  help: write "." for the folder that the configuration is in',
            ],
            id="an empty path",
        ),
        pytest.param(
            ".layerlint.yaml",
            f"exclude: [ok, '{'*a' * 50_000}']\nper-file-ignores: {{'{'b' * 1001}': [TST]}}\n",
            [
                f'.layerlint.yaml:1:15: error: "{"*a" * 28}*..." is too long for a pattern\n'
                "  it has 100,000 characters, and may have 1,000",
                f'.layerlint.yaml:2:20: error: "{"b" * 57}..." is too long for a pattern\n'
                "  it has 1,001 characters, and may have 1,000",
            ],
            id="long patterns",
        ),
        pytest.param(
            ".layerlint.yaml",
            "per-file-ignores: {" + ", ".join(f"'*a{number:05}*': [TST]" for number in range(20_000)) + "}\n"
            "exclude: [" + ", ".join([f"'{'*a' * 490}'"] * 103) + "]\n",
            [
                '.layerlint.yaml:2:1: error: "exclude" has too many patterns\n'
                "  there are 103 with 100,940 characters, and may be 1,000 with 100,000\n"
                "  help: name a folder in place of what is in it",
                '.layerlint.yaml:1:1: error: "per-file-ignores" has too many patterns\n'
                "  there are 20,000 with 160,000 characters, and may be 1,000 with 100,000\n"
                "  help: name a folder in place of what is in it",
            ],
            id="many patterns",
        ),
        pytest.param(
            ".layerlint.yaml",
            f"ignore: ['{'Z' * 100_000}']\n",
            [
                f'.layerlint.yaml:1:10: error: unknown rule "{"Z" * 57}..."\n'
                "  no rule has this id, name, alias or prefix\n"
                "  help: `layerlint rules` lists them all",
            ],
            id="a long name of a rule",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nselect = [\n",
            ["pyproject.toml:3: error: this is not TOML\n  Invalid value (at end of document)"],
            id="unfinished toml",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nselect = TST\n",
            ["pyproject.toml:2:10: error: this is not TOML\n  Invalid value"],
            id="bad toml",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool]\nlayerlint = 3\n",
            [
                f"pyproject.toml:2:1: {NO_TABLE}",
            ],
            id="no table at all",
        ),
        pytest.param(
            "pyproject.toml",
            "[[tool.layerlint]]\nselect = []\n",
            [f"pyproject.toml:1:3: {NO_TABLE}"],
            id="a list of tables",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.x]\n# layerlint\n  " + ".".join("a" * 30_000) + " = 1\n",
            ["pyproject.toml:3:3: error: this TOML is not read\n  a key has more than 50 parts"],
            id="a key of 30,000 parts of another tool",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint.x." + " . ".join(["'a.b'"] * 60) + "]\n",
            ["pyproject.toml:1:2: error: this TOML is not read\n  a key has more than 50 parts"],
            id="a table with a name of 60 parts",
        ),
        pytest.param(
            "pyproject.toml",
            "# layerlint\nx = [1, " + "1" * 5000 + "]\n",
            ["pyproject.toml:2:9: error: this TOML is not read\n  a number has more than 1,000 digits"],
            id="a long number",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nselect = 0x" + "f" * 5000 + "\n",
            ["pyproject.toml:2:10: error: this TOML is not read\n  a number has more than 1,000 digits"],
            id="a long number in base 16",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nselect = " + "[" * 300 + "]" * 300,
            [
                "pyproject.toml:2:57: error: this is nested too deep\n"
                "  more than 50 lists and mappings in each other"
            ],
            id="300 lists",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nx = '" + "a." * 500 + f"{'1' * 5000}'\n# " + "b." * 500 + "\ny = [" + "1.5," * 500 + "]\n",
            [f'pyproject.toml:2:1: error: unknown key "x"\n  {KEYS}', f'pyproject.toml:4:1: error: unknown key "y"\n  {KEYS}'],
            id="dots and digits that are no keys and no numbers",
        ),
        pytest.param(
            "pyproject.toml",
            "[tool.layerlint]\nselect = " + "[" * 9999,
            ["pyproject.toml: error: this is not TOML\n  it is nested too deep"],
            id="deep toml",
        ),
        pytest.param(
            ".layerlint.yaml",
            b"select: [\xff]\n",
            [".layerlint.yaml: error: the configuration is not UTF-8\n  byte 10 is not part of any character\n  help: save it as UTF-8"],
            id="not UTF-8",
        ),
        pytest.param(
            ".layerlint.yaml",
            "#" * 1_100_000,
            [".layerlint.yaml: error: the configuration cannot be read\n  the file is larger than 1024 KiB"],
            id="too large",
        ),
    ],
)  # fmt: skip
def test_mistakes(name, text, expected):
    assert mistakes(name, text) == expected


def test_of_thousands_of_unknown_rules_a_hundred_are_said():
    found = mistakes(".layerlint.yaml", f"ignore: [{', '.join(f'TSX{number}' for number in range(5_000))}]\n")
    assert '.layerlint.yaml:1:693: error: unknown rule "TSX99"\n' in found[99]
    assert found[100:] == [".layerlint.yaml: error: 4,900 more mistakes\n  only the first 100 are said"]


def test_a_named_configuration_that_is_not_there():
    configurations = Configurations(file="nope.yaml")
    assert [str(mistake) for mistake in configurations.mistakes] == [
        "nope.yaml: error: the configuration cannot be read\n  there is no such file or folder"
    ]


def test_two_configurations_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (".layerlint.yaml", ".layerlint.yml", "pyproject.toml"):
        Path(name).write_text("[tool.layerlint]\n" if name == "pyproject.toml" else "ignore: [LL001]\n")
    configurations = Configurations(file=None, isolated=False)
    assert configurations.above(str(tmp_path)) is not None
    assert [str(mistake) for mistake in configurations.mistakes] == [
        ".layerlint.yml: error: there are two configurations in one folder\n"
        "  .layerlint.yaml is beside it, and one of them would be ignored\n  help: make one of them"
    ]
