"""Where layerlint and hadolint differ: every reason is one that a measured build decides, or that was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks import differences, peers
from layerlint.rules.loading import load
from tests.oracle import session
from tests.oracle.case import Case
from tests.oracle.programs import session as programs
from tests.oracle.systems import session as systems


class Explained(NamedTuple):
    """Why two linters differ, in a sentence, and what shows who is right: a case of the oracle, or where it is read."""

    says: str
    case: str = ""
    source: str = ""


_FOLLOWED = "hadolint does not look into what starts the command"
_NOT_PARSED = Explained("hadolint says nothing of a file that it cannot parse", source="its report: DL1000")
_HEREDOC = Explained("hadolint does not read scripts in here-documents", source="Dockerfile reference, Here-Documents")
_OTHER_RULE = Explained("another rule of hadolint's speaks of this program, or none does", source="hadolint's rules")
_NOT_IN_THE_IMAGE = Explained(
    "what is left in a stage that reaches no image is another finding of ours", "unused-builder-stage-wastes"
)
_APK = "rules/apk/tool.yaml: apk does not run where the cases are measured"
_JUPYTERLAB = "measured with JupyterLab 3.6.8: jupyter lab build"
_YUM = Explained("hadolint looks at `yum install` alone", "dnf-upgrade")
_YUM_INSTALLS = Explained("hadolint looks at `yum install` alone, and these download as that does", source="dnf(8)")

# By hadolint's rule: reasons, as `benchmarks.differences` words them up to what varies.
EXPLAINED: Mapping[str, Mapping[str, Explained]] = {
    "DL3042": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "removed by rm in the same RUN": Explained("what is removed in the RUN is in no layer", "removed-with-rm-rf"),
        "off by option --no-cache": Explained("pip takes options that are shortened", "flag-abbreviated-to-no-cache"),
        "off by variable PIP_NO_CACHE_DIR=": Explained(
            "any word turns it off, those for no as well", "variable-is-off"
        ),
        "unwritable": Explained(
            "pip uses no cache in a home that is another user's", "root-with-the-home-of-somebody-else"
        ),
        "no call seen with pip 1.": Explained(
            "pip of before 6.0 has no cache, nor the option that hadolint asks for", source="pip's NEWS.rst, 6.0"
        ),
        "no call seen": Explained("with --no-index nothing is fetched", "no-index-with-wheels-of-ours"),
        "the program get-pip.py": Explained(
            "get-pip.py installs with pip, whose cache it fills", source="the script: bootstrap calls pip's main"
        ),
        "the program spacy": Explained(
            "it installs a model with pip", source="spaCy's source after 2.3.5: spacy/cli/download.py, download_model"
        ),
        "called by its path": Explained("a path in front does not change what pip does", "pip-by-path"),
        "behind sudo": Explained(_FOLLOWED, "sudo"),
        "behind xargs": Explained(_FOLLOWED, "xargs"),
        "behind find ": Explained(_FOLLOWED, source="find(1): -exec"),
        "behind scl enable": Explained(_FOLLOWED, source="scl(1): enable"),
        "behind linux32": Explained(_FOLLOWED, source="setarch(8)"),
        "behind pipenv run": Explained(_FOLLOWED, source="Pipenv's documentation: run"),
        "behind pyenv exec": Explained(_FOLLOWED, source="pyenv's documentation: exec"),
        "behind $PYTHON_BINARY -m": Explained(
            "a variable holds the interpreter", "argument-holds-part-of-the-interpreter"
        ),
        "behind python2 -m": Explained("it stands in a script that a shell is given with -c", "bash-lc"),
        "behind /": Explained("a path in front does not change what the interpreter does", "python-m-pip-by-path"),
        "plain pip install": Explained("it stands in a script that a shell is given with -c", "bash-lc"),
        "plain pip3.5 install": Explained("it stands in a script that a shell is given with -c", "bash-lc"),
        "the command stands in a variable": Explained("a variable holds the command", "variable-holds-the-command"),
        "subcommand wheel": Explained("hadolint looks at `pip install` alone", "wheel"),
        "exec form": Explained(
            "hadolint does not look into the script of a shell in an exec form", "exec-form-of-sh-c"
        ),
        "ONBUILD": Explained("it is done where the image is built on", source="Dockerfile reference, ONBUILD"),
    },
    "DL3009": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "off by file ": Explained(
            "the lists are removed, in other words than hadolint's", "apt-lists-removed-with-their-folder"
        ),
        "subcommand update, and something else is removed": Explained(
            "hadolint takes what else is removed for the lists", "apt-lists-and-another-removed"
        ),
        "subcommand update in a stage that reaches no image": _NOT_IN_THE_IMAGE,
        "subcommand update in a RUN that installs nothing": Explained(
            "hadolint looks for the installation in the same RUN", "apt-update-alone"
        ),
        "subcommand update": Explained("it stands in a script that a shell is given with -c", "apt-update-in-sh-left"),
        "here-document": _HEREDOC,
        "behind sudo": Explained(_FOLLOWED, "apt-update-by-sudo"),
        "the program setup_": Explained("the script runs apt-get update", source="NodeSource's setup_20.x"),
        "the program nodesource_setup.sh": Explained(
            "the script runs apt-get update", source="NodeSource's setup_20.x"
        ),
        "the program add-apt-repository": Explained(
            "it fetches the lists without being asked to", source="software-properties: add-apt-repository, apt_update"
        ),
        "the program apt-add-repository": Explained("another name of the same program", source="add-apt-repository(1)"),
        "the command stands in a variable": Explained("a variable holds the command", "variable-holds-the-command"),
        "exec form": Explained("hadolint does not look into the script of a shell in an exec form", "apt-exec-form"),
        "called by its path": Explained("a path in front does not change what it does", "pip-by-path"),
    },
    "DL3019": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "removed by rm in the same RUN": Explained("the index is removed in the RUN", source=_APK),
        "off by option --no-cache and removed by rm": Explained(
            "`apk update` fetches it, --no-cache does without, and it is removed in the RUN", source=_APK
        ),
        "subcommand update": Explained("`apk update` leaves the index too", source=_APK),
        "subcommand upgrade": Explained("`apk upgrade` leaves the index too", source=_APK),
    },
    "DL3032": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "removed by yum in the same RUN": Explained("it is emptied twice, the last time at the end", "dnf-clean-all"),
        "called as ": _OTHER_RULE,
        "subcommand upgrade": _YUM,
        "subcommand update-minimal": _YUM_INSTALLS,
        "subcommand update": _YUM,
        "subcommand distro-sync": _YUM_INSTALLS,
        "subcommand localinstall": _YUM_INSTALLS,
        "subcommand groupinstall": _YUM_INSTALLS,
        "subcommand makecache": Explained("hadolint looks at `yum install` alone", "dnf-makecache"),
        "plain yum install": Explained("hadolint takes any `rm -rf` in the RUN for one of the cache", "dnf-install"),
    },
    "DL3036": {
        "`zypper clean` leaves it": Explained("without --all it leaves what is known of repositories", "zypper-clean")
    },
    "DL3040": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "removed by rm in the same RUN": Explained("its directory is removed in the RUN", "dnf-directory-removed"),
        "called as ": _OTHER_RULE,
    },
    "DL3060": {
        "hadolint: cannot parse the file": _NOT_PARSED,
        "subcommand global add": Explained("hadolint looks at `yarn install` alone", "yarn-global"),
        "no subcommand": Explained("hadolint looks at `yarn install` alone", "yarn-bare"),
        "subcommand add": Explained("hadolint looks at `yarn install` alone", "yarn-add"),
        "subcommand labextension install": Explained("JupyterLab builds itself with a Yarn 1", source=_JUPYTERLAB),
        "subcommand lab build": Explained("JupyterLab builds itself with a Yarn 1", source=_JUPYTERLAB),
        "here-document": _HEREDOC,
        "plain yarn install in a stage that reaches no image": _NOT_IN_THE_IMAGE,
    },
}
ALL = {f"{code}: {reason}": each for code, reasons in EXPLAINED.items() for reason, each in reasons.items()}
README = Path(differences.__file__).parent / "README.md"
_ROW = re.compile(r"^\| (DL\d+) \([^|]*\) \| (\d+) \| (\d+) \|[^|]*\| (\d+) \|", re.MULTILINE)
FILES_OF_THE_TABLE = 3000


def measured_cases() -> dict[str, Case]:
    suites = (session.SUITE, systems.SUITE, programs.SUITE)
    return {case.name: case for suite in suites for case in suite.cases}


@pytest.mark.parametrize("explained", ALL.values(), ids=ALL)
def test_each_reason_has_a_sentence_and_is_measured_or_read(explained: Explained) -> None:
    assert explained.says
    assert bool(explained.case) != bool(explained.source)
    if explained.case:
        found = measured_cases()[explained.case]
        assert not found.reasoned
        assert not found.unknown


def test_each_rule_of_hadolints_that_one_of_ours_knows_is_compared() -> None:
    aliases = {alias for rule in load().rules for alias in rule.aliases if alias.startswith("DL")}
    assert EXPLAINED.keys() == {code for code in aliases if differences.tools_of(load(), code)}


def test_the_table_has_each_rule_but_that_of_the_text_above_it() -> None:
    assert set(counts_in_the_table()) == EXPLAINED.keys() - {"DL3042"}


def counts_in_the_table() -> dict[str, tuple[int, int, int]]:
    """Of each rule in the README: the places that both report, hadolint alone, and layerlint alone."""
    rows = _ROW.findall(README.read_text(encoding="utf-8"))
    return {code: (int(both), int(theirs), int(ours)) for code, both, theirs, ours in rows}


@pytest.mark.peers
def test_each_difference_is_explained_and_counted_in_the_table(corpus: list[Path]) -> None:
    paths = [str(path) for path in corpus]
    report = peers.hadolint_report(peers.find("hadolint"), paths)
    unexplained: set[tuple[str, str]] = set()
    unused: set[tuple[str, str]] = set()
    counts: dict[str, tuple[int, int, int]] = {}
    for code, reasons in EXPLAINED.items():
        theirs, refused = peers.hadolint_findings(report, code)
        only_hadolint, only_layerlint, both = differences.differences(paths, load(), theirs, refused, code)
        found = {*only_hadolint, *only_layerlint}
        unexplained |= {(code, reason) for reason in found if not reason.startswith(tuple(reasons))}
        unused |= {(code, prefix) for prefix in reasons if not any(reason.startswith(prefix) for reason in found)}
        counts[code] = (both, sum(map(len, only_hadolint.values())), sum(map(len, only_layerlint.values())))
        assert both, f"{code}: they agree nowhere, as if one of them had not looked"
    assert unexplained == set()
    if len(paths) == FILES_OF_THE_TABLE:
        assert unused == set()
        assert {code: counts[code] for code in counts_in_the_table()} == counts_in_the_table()
