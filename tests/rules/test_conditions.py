"""What conditions ask of the parts of a file, each beside what looks like it and is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from layerlint.documents.validation import validate
from layerlint.documents.yaml_reader import load_yaml
from layerlint.finding import Finding
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.model import Rule
from layerlint.rules.selection import Selection
from layerlint.source.source import Source

RULES = load()


def rule(when: str, **more: Any) -> Rule:
    data, lookup = load_yaml(when, "rule")
    texts = dict.fromkeys(("summary", "message", "advice", "note"), "-")
    said = {"id": "ABC001", "name": "a", "severity": "error", "when": data, **texts, **more}
    made = validate(Rule, {key: value for key, value in said.items() if value is not None}, lookup, "")
    assert isinstance(made, Rule), made
    return made


def findings(text: str, made: Rule) -> list[Finding]:
    rules = replace(RULES, rules=(made,))
    report = lint(Source("app/Dockerfile", text.encode()), rules, Selection({made.id: made.severity}))
    assert not report.errors
    return list(report.findings)


def found(when: str, text: str, **more: Any) -> list[str]:
    """What is reported, as `line text`."""
    source = Source("", text.encode())
    reported = findings(text, rule(when, **more))
    return [f"{source.position(each.span.start).line} {source.text(each.span)}" for each in reported]


FILE = """\
ARG BASE=python
ARG UNSET
FROM $BASE:3.13-slim AS Build
ENV MODE=fast
WORKDIR /src
USER app
RUN --mount=type=cache,target=cache,id=one,uid=7 --mount=type=bind,from=tools,target=/t make all
RUN sudo -E /usr/bin/tar -xf a.tar --strip=1 -C "$UNSET" && apt-get -o a=b install -y curl
COPY --from=Build --chown=app a b /dest/
CMD ["a", "b c"]
FROM build
ONBUILD RUN make install
CMD old
CMD $MODE new
FROM registry.example:5000/team/app@sha256:00
ENTRYPOINT x
ARG KIND=fast
VOLUME /data/$KIND
"""

CASES = [
    # Commands
    pytest.param("command: {name: make}", ["7 make", "12 make"], id="a command, also in ONBUILD"),
    pytest.param("command: {name: [tar, make], argument: all}", ["7 make"], id="and one of its arguments"),
    pytest.param("command: {name: tar}", ["8 /usr/bin/tar"], id="a path in front does not count"),
    pytest.param("command: {name: /usr/bin/tar}", [], id="and is no part of the name"),
    pytest.param("command: {option: -f}", ["8 /usr/bin/tar"], id="an option among letters"),
    pytest.param("command: {option: --strip=1}", ["8 /usr/bin/tar"], id="an option with its value"),
    pytest.param("command: {option: --strip}", ["8 /usr/bin/tar"], id="an option, whatever its value"),
    pytest.param("command: {option: --strip=2}", [], id="an option with another value"),
    pytest.param("command: {tool: apt, option: -o=a=b}", ["8 apt-get -o a=b install"], id="a value as its own word"),
    pytest.param("command: {tool: apt, argument: [install, a=b]}", [], id="a subcommand is no argument"),
    pytest.param("command: {tool: apt, subcommand: install}", ["8 apt-get -o a=b install"], id="a subcommand"),
    pytest.param("command: {tool: apt, subcommand: update}", [], id="another subcommand"),
    pytest.param("command: {wrapper: sudo}", ["8 /usr/bin/tar"], id="what starts it"),
    pytest.param("command: {wrapper: sh}", [], id="the shell that is not written is no wrapper"),
    pytest.param("command: {user: app, name: make}", ["7 make", "12 make"], id="who runs it"),
    pytest.param("command: {user: root}", ["8 /usr/bin/tar"], id="sudo changes that"),
    pytest.param("command: {argument: {glob: '*'}, name: tar}", ["8 /usr/bin/tar"], id="any argument"),
    # Mounts
    pytest.param("mount: {type: cache}", ["7 --mount=type=cache,target=cache,id=one,uid=7"], id="a mount"),
    pytest.param("mount: {type: cache, target: /src/cache, id: one, uid: '7'}", ["7 --mount=type=cache,target=cache,id=one,uid=7"], id="its fields"),  # noqa: E501
    pytest.param("mount: {from: tools}", ["7 --mount=type=bind,from=tools,target=/t"], id="where it is from"),
    pytest.param("mount: {type: cache, from: tools}", [], id="the fields of one mount"),
    # Instructions
    pytest.param("instruction: {keyword: [USER, WORKDIR]}", ["5 WORKDIR", "6 USER"], id="keywords"),
    pytest.param("instruction: {keyword: ARG}", ["1 ARG", "2 ARG", "17 ARG"], id="also before the first stage"),
    pytest.param("instruction: {flag: --from}", ["9 COPY"], id="a flag"),
    pytest.param("instruction: {flag: --from=Build}", ["9 COPY"], id="a flag with its value"),
    pytest.param("instruction: {flag: --from=other}", [], id="a flag with another value"),
    pytest.param("instruction: {keyword: COPY, argument: b}", ["9 COPY"], id="a word"),
    pytest.param("instruction: {keyword: CMD, argument: b c}", ["10 CMD"], id="a string of the exec form"),
    pytest.param("instruction: {source: b}", ["9 COPY"], id="one of several sources"),
    pytest.param("instruction: {source: /dest/}", [], id="the destination is none"),
    pytest.param("instruction: {destination: /dest/}", ["9 COPY"], id="the destination"),
    pytest.param("instruction: {value: /data/fast}", ["18 VOLUME"], id="all of it, variables replaced"),
    pytest.param("instruction: {value: $MODE new}", ["14 CMD"], id="but not those that are a shell's"),
    pytest.param("instruction: {keyword: CMD, form: exec}", ["10 CMD"], id="exec form"),
    pytest.param("instruction: {keyword: CMD, form: shell}", ["13 CMD", "14 CMD"], id="shell form"),
    pytest.param("instruction: {keyword: CMD, first: true}", ["10 CMD", "13 CMD"], id="the first of its stage"),
    pytest.param("instruction: {keyword: CMD, last: false}", ["13 CMD"], id="not the last of its stage"),
    pytest.param("instruction: {keyword: CMD, count: '1'}", ["10 CMD"], id="a number of them"),
    pytest.param("instruction: {keyword: CMD, count: {version: '>1'}}", ["13 CMD", "14 CMD"], id="more of them"),
    pytest.param("instruction: {onbuild: true}", ["12 RUN"], id="in ONBUILD"),
    pytest.param("instruction: {previous: {keyword: CMD}}", ["14 CMD"], id="what stands before it, in its stage"),
    pytest.param("instruction: {previous: {keyword: FROM}}", ["4 ENV", "12 ONBUILD", "12 RUN", "16 ENTRYPOINT"], id="the first ones"),  # noqa: E501
    # Stages
    pytest.param("stage: {name: Build}", ["3 $BASE:3.13-slim"], id="a stage by its name, as written"),
    pytest.param("stage: {base: 'python:3.13-slim'}", ["3 $BASE:3.13-slim"], id="what it is built on"),
    pytest.param("stage: {image: python, tag: {version: '>=3.9, <3.14'}}", ["3 $BASE:3.13-slim"], id="a version"),
    pytest.param("stage: {base-is: stage}", ["11 build"], id="built on a stage"),
    pytest.param("stage: {image: 'registry.example:5000/team/app', tag: ''}", ["15 registry.example:5000/team/app@sha256:00"], id="a port is no tag"),  # noqa: E501
    pytest.param("stage: {digest: 'sha256:00', last: true}", ["15 registry.example:5000/team/app@sha256:00"], id="the last, by its digest"),  # noqa: E501
    pytest.param("stage: {first: true}", ["3 $BASE:3.13-slim"], id="the first"),
    pytest.param("stage: {in-image: false}", ["3 $BASE:3.13-slim", "11 build"], id="those that are not in the image"),
    # The file
    pytest.param("file: {path: {glob: '*/Dockerfile'}}", ["1 ARG"], id="a file by its path"),
    pytest.param("file: {stages: {version: '>3'}}", [], id="a file with more stages"),
    # What is around, and what is in it
    pytest.param("{command: {name: make}, stage: {name: Build}}", ["7 make"], id="commands of a stage"),
    pytest.param("{command: {name: make}, instruction: {onbuild: true}}", ["12 make"], id="commands of an instruction"),
    pytest.param("{command: {name: make}, mount: {type: cache}}", ["7 make"], id="commands beside a mount"),
    pytest.param("{instruction: {keyword: CMD}, file: {stages: '3'}, stage: {last: false}, all: [{instruction: {form: exec}}]}", ["10 CMD"], id="all of it"),  # noqa: E501
    pytest.param("{instruction: {keyword: RUN}, not: {mount: {type: cache}}}", ["8 RUN", "12 RUN"], id="no mount"),
    pytest.param("{instruction: {keyword: RUN}, not: {command: {name: make}}}", ["8 RUN"], id="no command in it"),
    pytest.param("{stage: {}, not: {instruction: {keyword: CMD}}}", ["15 registry.example:5000/team/app@sha256:00"], id="stages without an instruction"),  # noqa: E501
    pytest.param("{file: {}, not: {instruction: {keyword: HEALTHCHECK}}}", ["1 ARG"], id="a file without one"),
    pytest.param("{file: {}, any: [{instruction: {keyword: HEALTHCHECK}}, {stage: {name: no}}]}", [], id="any of two"),
    pytest.param("{stage: {}, any: [{command: {name: make}}, {instruction: {keyword: ENTRYPOINT}}]}", ["3 $BASE:3.13-slim", "11 build", "15 registry.example:5000/team/app@sha256:00"], id="one of two in it"),  # noqa: E501
    pytest.param("{command: {name: make}, not: {not: {command: {argument: all}}}}", ["7 make"], id="not not"),
    pytest.param("{command: {name: make}, any: [{stage: {last: true}}, {command: {argument: install}}]}", ["12 make"], id="of what is around or of itself"),  # noqa: E501
    # The environment
    pytest.param("{command: {name: make}, environment: {name: MODE, value: fast}}", ["7 make", "12 make"], id="a variable of a command"),  # noqa: E501
    pytest.param("{command: {name: tar}, environment: {name: MODE}}", ["8 /usr/bin/tar"], id="sudo -E keeps it"),
    pytest.param("{instruction: {keyword: WORKDIR}, environment: {name: MODE}}", ["5 WORKDIR"], id="of an instruction"),
    pytest.param("{instruction: {keyword: ENV}, environment: {name: MODE}}", [], id="before it is set"),
    pytest.param("{stage: {}, environment: {name: {glob: MO*}}}", ["3 $BASE:3.13-slim", "11 build"], id="of a stage, and of one built on it"),  # noqa: E501
    pytest.param("{stage: {}, environment: {name: BASE}}", [], id="a build argument is none"),
    pytest.param("{mount: {}, environment: {name: MODE, value: {not: fast}}}", [], id="of a mount's RUN"),
    pytest.param("{file: {}, environment: {name: MODE}}", ["1 ARG"], id="of a file"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "expected"), CASES)
def test_a_condition(when: str, expected: list[str]) -> None:
    assert found(when, FILE) == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        pytest.param("{glob: '*'}", ["2 a", "4 a"], id="what is not known is like nothing"),
        pytest.param("{glob: '*/c'}", ["2 a"], id="a known part is like a part"),
        pytest.param("{not: c}", ["2 a"], id="nor is it unlike anything"),
    ],
)
def test_a_word_that_is_not_known(argument: str, expected: list[str]) -> None:
    text = "FROM a\nRUN a $(b)/c\nRUN a $(b)\nRUN a c\n"
    assert found(f"command: {{name: a, argument: {argument}}}", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("latest", ["latest"], id="equal"),
        pytest.param("[latest, edge]", ["latest", "edge"], id="one of"),
        pytest.param("{glob: '3.*'}", ["3.9", "3.12-slim"], id="glob"),
        pytest.param("{glob: [l*, e*]}", ["latest", "edge"], id="globs"),
        pytest.param("{regex: '^[0-9]'}", ["3.9", "3.12-slim"], id="a part matches a regular expression"),
        pytest.param("{version: '>=3.10'}", ["3.12-slim"], id="a version is a number, not a text"),
        pytest.param("{version: '<3.10'}", ["3.9"], id="lower"),
        pytest.param("{version: '==3.12.0'}", ["3.12-slim"], id="what is not named is zero"),
        pytest.param("{version: '>3, !=3.9'}", ["3.12-slim"], id="several bounds"),
        pytest.param("{not: latest}", ["edge", "3.9", "3.12-slim", ""], id="not"),
        pytest.param("{glob: '3*', not: {glob: '*-slim'}}", ["3.9"], id="one and not the other"),
        pytest.param("{not: {not: [edge]}}", ["edge"], id="not not"),
        pytest.param("''", [""], id="none"),
    ],
)
def test_a_comparison(text: str, expected: list[str]) -> None:
    tags = ["latest", "edge", "3.9", "3.12-slim", ""]
    file = "".join(f"FROM a:{tag}\n" if tag else "FROM a\n" for tag in tags)
    lines = [int(each.split()[0]) for each in found(f"stage: {{tag: {text}}}", f"{file}")]
    assert [tags[line - 1] for line in lines] == expected


@pytest.mark.parametrize(
    ("when", "at", "expected"),
    [
        pytest.param("command: {name: tar}", None, "/usr/bin/tar", id="a command"),
        pytest.param("command: {name: tar, option: -f}", "option", "-xf", id="the option asked for"),
        pytest.param("command: {argument: curl}", "argument", "curl", id="the argument asked for"),
        pytest.param("command: {name: tar, wrapper: sudo}", "wrapper", "sudo", id="the wrapper asked for"),
        pytest.param("{command: {name: make}, mount: {type: bind}}", "mount", "--mount=type=bind,from=tools,target=/t", id="the mount asked for"),  # noqa: E501
        pytest.param("instruction: {flag: {glob: --ch*}}", "flag", "--chown=app", id="the flag asked for"),
        pytest.param("instruction: {keyword: COPY}", "value", "a b /dest/", id="all that follows"),
        pytest.param("instruction: {keyword: COPY}", "instruction", "COPY --from=Build --chown=app a b /dest/", id="all of it"),  # noqa: E501
        pytest.param("stage: {first: true}", "stage-name", "Build", id="the name of a stage"),
        pytest.param("stage: {last: true}", "stage-name", "registry.example:5000/team/app@sha256:00", id="without one"),
        pytest.param("command: {argument: curl}", "base", "$BASE:3.13-slim", id="what the stage is built on"),
    ],
)  # fmt: skip
def test_a_place(when: str, at: str | None, expected: str) -> None:
    assert [each.partition(" ")[2] for each in found(when, FILE, at=at)] == [expected]


def test_the_names_in_texts() -> None:
    when = "{command: {name: tar, option: {glob: --st*}, argument: {regex: tar$}, wrapper: sudo}, mount: {}}"
    names = "{command} {option} {argument} {wrapper} {user} {instruction} {base} {image} {tag} {stage}"
    text = FILE.replace("RUN sudo", "RUN --mount=type=tmpfs,target=/x sudo")
    (finding,) = findings(text, rule(when, message=f"{names} {{mount}}"))
    assert finding.message == "tar --strip a.tar sudo root RUN $BASE:3.13-slim python 3.13-slim Build /x"
    (finding,) = findings(text, rule("instruction: {flag: --from, keyword: COPY}", message="{flag}; {value}"))
    assert finding.message == "--from=Build; a b /dest/"


def test_a_condition_about_a_cache_can_ask_about_what_is_around() -> None:
    text = "FROM a AS x\nRUN pip install b\nFROM a\nUSER app\nRUN pip install c\nRUN pip download d\n"
    assert found("{cache: [left], stage: {last: true}}", text) == ["5 pip install", "6 pip download"]
    assert found("{cache: [left], command: {subcommand: download, tool: pip}}", text) == ["6 pip download"]
    assert found("{cache: [left], not: {command: {user: app}}}", text) == ["2 pip install"]


def test_the_severity_of_a_stage_that_is_not_in_the_image() -> None:
    text = "FROM a\nRUN b\nFROM a\nRUN b\n"
    made = rule("command: {name: b}", **{"severity-in-unused-stage": "info"})
    assert [str(each.severity) for each in findings(text, made)] == ["info", "error"]


USES = """\
FROM python:3.13-slim AS unused
RUN pip install a
FROM python:3.13-slim
RUN pip install b
RUN rm -rf /root/.cache
RUN --mount=type=cache,target=/root/.cache/pip pip install c
RUN PIP_NO_CACHE_DIR=1 pip install d
RUN pip install --no-cache-dir e
RUN pip install f
"""


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        pytest.param("cache: [left]", [2, 4, 9], id="what becomes of it"),
        pytest.param("cache: [left], late: true", [4], id="removed later"),
        pytest.param("cache: [left], late: false", [2, 9], id="not removed later"),
        pytest.param("cache: [left], in-image: true", [4, 9], id="in the image"),
        pytest.param("cache: [left], in-image: false", [2], id="not in the image"),
        pytest.param("cache: [left], carried: true", [], id="no COPY takes it along"),
        pytest.param("cache: [left, mounted], mounted: true", [6], id="on a mount"),
        pytest.param("cache: [left, mounted], mounted: false", [2, 4, 9], id="on no mount"),
        pytest.param("cache: [off]", [7, 8], id="turned off"),
        pytest.param("cache: [off], origin: [variable]", [7], id="by a variable"),
        pytest.param("cache: [off], origin: [option]", [8], id="by an option"),
        pytest.param("cache: [off], value: ['1']", [7], id="with a value"),
        pytest.param("cache: [off], option: [--no-cache-dir]", [8], id="the option is there"),
        pytest.param("variable: {names: [PIP_NO_CACHE_DIR]}, cache: [off]", [7], id="the variable is there"),
        pytest.param("cache: [left, off], spared: true", [], id="nothing looks as if it emptied it"),
        pytest.param("cache: [left], foreign-home: true", [], id="in its own home"),
    ],
)
def test_what_is_asked_of_the_use_of_a_cache(when: str, lines: list[int]) -> None:
    assert [int(place.partition(" ")[0]) for place in found(f"{{tool: pip, {when}}}", USES)] == lines
