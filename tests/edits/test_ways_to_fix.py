"""How a Dockerfile reads once it is fixed in each of the three ways: a table, generated files, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.finding import FixKind, Safety
from layerlint.linting import lint
from layerlint.source.source import Source
from tests.case_files import read_cases
from tests.fixed_files import RULES, assert_fixed_well, fixed, selection

CASES: list[dict[str, Any]] = [
    case for name in ("cases.yaml", "mounts.yaml") for case in read_cases(Path(__file__).parent / name)
]


@pytest.mark.parametrize("fix_with", FixKind)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_reads_as_it_should(case: dict[str, Any], fix_with: FixKind) -> None:
    source = Source("Dockerfile", case["dockerfile"].encode())
    result = assert_fixed_well(source, fix_with, unsafe=True)
    assert result.source.data.decode() == case.get(fix_with, case["dockerfile"])
    stays = [f"{finding.rule}: {finding.unfixable}" for finding in result.report.findings if finding.unfixable]
    assert stays == case.get(f"{fix_with}-stays", [])


def test_the_keys_of_the_table_are_those_that_the_test_reads() -> None:
    known = {"name", "dockerfile", *FixKind, *(f"{fix_with}-stays" for fix_with in FixKind)}
    assert {key for case in CASES for key in case} <= known
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_a_mount_is_unsafe_and_the_other_two_are_safe() -> None:
    source = Source("Dockerfile", b"FROM a\nRUN pip install a\n")
    safeties = {
        fix_with: [fix.safety for finding in lint(source, RULES, selection(fix_with)).findings for fix in finding.fixes]
        for fix_with in FixKind
    }
    assert safeties == {
        FixKind.FLAG: [Safety.SAFE],
        FixKind.MOUNT: [Safety.UNSAFE],
        FixKind.ENV: [Safety.SAFE],
    }
    assert fixed(source, FixKind.MOUNT, unsafe=False)[1].source is source


def test_a_variable_is_not_set_twice() -> None:
    source = Source("Dockerfile", b"FROM a\nRUN PIP_NO_CACHE_DIR= pip install a\n")
    found = {finding.rule: finding.unfixable for finding in lint(source, RULES, selection(FixKind.ENV)).findings}
    assert found == {"PIP001": "PIP_NO_CACHE_DIR is set already", "PIP005": ""}


def test_a_rule_without_the_chosen_way_says_which_it_has() -> None:
    rule = RULES.names.named("PIP004")
    assert rule is not None
    only_flag = replace(rule, fixes=tuple(fix for fix in rule.fixes if fix.insert_variable))
    rules = replace(RULES, rules=(only_flag,))
    report = lint(Source("Dockerfile", b"FROM a\nRUN pip install --no-cache-dir .\n"), rules, selection(FixKind.MOUNT))
    reasons = [finding.unfixable for finding in report.findings]
    assert reasons == ["there is one only with --fix-with flag"]


def test_a_rule_whose_other_way_is_unsafe_says_so() -> None:
    source = Source("Dockerfile", b"FROM maven\nRUN mvn package\n")
    reasons = [finding.unfixable for finding in lint(source, RULES, selection(FixKind.FLAG)).findings]
    assert reasons == ["there is one only with --fix-with mount --unsafe-fixes"]


def test_a_mount_is_offered_for_each_use_that_it_serves() -> None:
    """What a later RUN fetches where it is not there does not keep the mount from the other use beside it."""
    source = Source("Dockerfile", b"FROM rust\nRUN cargo install a && cargo fetch\nRUN cargo build\n")
    findings = lint(source, RULES, selection(FixKind.MOUNT)).findings
    assert [(finding.rule, len(finding.fixes)) for finding in findings] == [("CARGO001", 1)] * 2


# Parts of Dockerfiles that matter to a fix, in all the ways that people write them, and in some that nobody would.

PIP = st.sampled_from(
    [
        "pip install flask",
        "pip3 install -r requirements.txt",
        "python -m pip install --upgrade pip",
        "pip install \\\n    --upgrade \\\n    flask",
        "pip install \\\n  # why\n  flask \\\n  requests",
        "pip install      \\\n   --pre         \\\n   flask",
        "pip install .",
        "pip install --no-cache-dir -e .",
        "pip install --cache-dir /tmp/c flask",
        "pip install --cache-dir=/tmp/c --no-cache-dir flask",
        "pip --no-cache-dir install flask",
        "PIP_NO_CACHE_DIR=off pip install flask",
        "PIP_NO_CACHE_DIR=2 pip install flask",
        "PIP_NO_CACHE_DIR= pip install flask",
        "pip install --no-cache-dir=1 flask",
        "pip install --no-cache-dirs flask",
        "sudo pip install flask",
        "sudo -H -u app pip install .",
        "su app -c 'pip install flask'",
        'sh -c "pip install flask"',
        "HOME=/opt pip install flask",
        "xargs pip install < r.txt",
        "$PIP install flask",
        "pip cache purge",
        "pip download --dest /d flask",
    ]
)  # fmt: skip
OTHER = st.sampled_from(
    ["true", "rm -rf /root/.cache/pip", "rm -rf ~/.cache", "rm -rf /root/.cache/pip/*", "apt-get update", "export A=1"]
)
CHAIN = st.builds(
    lambda commands, separator: separator.join(commands),
    st.lists(PIP | OTHER, min_size=1, max_size=4),
    st.sampled_from(
        [" && ", " && \\\n    ", " \\\n && ", "; ", " || ", " &&\\\n\\\n\t", " && \\\n    # a comment &&\n    "]
    ),
)
FLAGS = st.lists(
    st.sampled_from(
        [
            "--mount=type=cache,target=/root/.cache/pip",
            "--mount=type=cache,target=/root/.cache",
            "--mount=type=cache,dst=/home/app/.cache/pip,uid=7",
            "--mount=type=cache,target=/root/.cache/pip,uid=1000,sharing=locked",
            '--mount="type=cache,target=/root/.cache/pip"',
            "--mount=type=bind,source=.,target=/src",
            "--network=host",
        ]
    ),
    max_size=2,
    unique=True,
)
RUN = st.builds(
    lambda keyword, flags, gap, body: keyword + "".join(f" {flag}" + gap for flag in flags) + " " + body,
    st.sampled_from(["RUN", "run", "ONBUILD RUN", "RUN \\\n  "]),
    FLAGS,
    st.sampled_from(["", " \\\n   "]),
    CHAIN
    | st.builds(lambda chain: f"<<EOF\n{chain}\nEOF", CHAIN)
    | st.builds(lambda chain: f"<<-'E' bash\n\t{chain}\n\tE", CHAIN)
    | st.sampled_from(
        ['["pip", "install", "flask"]', '["pip","install","--cache-dir","/c","."]', '[ "pip" , "install" ]']
    ),
)
LINE = st.sampled_from(
    [
        *("ENV A=1", "ENV A=1 B=2", "ENV A=1 \\\n    B=2", "ENV A 1", "ENV PIP_NO_CACHE_DIR=off", "ENV PIP_NO_CACHE=1"),
        *("ENV PIP_NO_CACHE_DIR=", "ENV PIP=pip HOME=/home/app", "ARG PIP_NO_CACHE_DIR=1", "ARG V", "LABEL a=b"),
        *("USER app", "USER 1000:50", "USER root", "WORKDIR /app", "COPY . .", "RUN useradd -m -u 1000 app"),
        *("", "# a comment", "# layerlint: ignore=PIP001 wanted", "CMD pip install flask"),
        *("FROM a", "FROM one", "FROM a AS one"),
    ]
)
DOCKERFILE = st.builds(
    lambda head, lines, blanks, newline, mark, end: (
        mark + (newline.join(f"{blanks}\n".join([head, *lines]).split("\n")) + end * newline)
    ).encode(),
    st.sampled_from(["FROM a AS one", "# syntax=docker/dockerfile:1\n\nFROM a AS one\n", "ARG X=1\nFROM a AS one"]),
    st.lists(RUN | LINE, min_size=1, max_size=7),
    st.sampled_from(["", "", "  ", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.integers(0, 2),
)


@given(DOCKERFILE, st.sampled_from(FixKind), st.booleans())
def test_a_generated_file_is_fixed_well(data: bytes, fix_with: FixKind, unsafe: bool) -> None:
    assert_fixed_well(Source("Dockerfile", data), fix_with, unsafe=unsafe)
