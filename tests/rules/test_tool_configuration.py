"""What a tool's YAML can say of its configuration files, and of the commands that write them."""

from __future__ import annotations

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.source.source import Source
from layerlint.tools.mentions import SearchedText

TOOL = """\
tool: parcel
names: [parcel]
options:
  switches: [-w, -u, -g]
config:
  form: json
  sections: [config]
  files:
    - {home: .parcel/settings, scope: everywhere, unless-environment: [PARCEL_HOME, PARCEL_RC]}
    - {environment: PARCEL_HOME, below: settings, scope: everywhere}
    - {here: parcel.json, scope: here}
    - {here: parcel.yaml, form: yaml, sections: [""]}
  written-by:
    set-by:
      - {subcommand: [env], with-option: [-w]}
      - {subcommand: [config], arguments: [set]}
      - subcommand: [config]
    unset-by: [{subcommand: [env], with-option: [-u]}]
    default-scope: here
    scopes: {-g: everywhere}
    section: config
    prefix: P_
caches:
  - title: parcel's crates
    filled-by: [subcommand: [get]]
    at:
      - config: P_STORE
      - {environment: JAVA_OPTS, word: -Dstore=}
      - path: /crates
"""
LINES = """\
tool: crate
names: [crate]
options:
  switches: [-w]
config:
  form: lines
  files: [{home: .crate/env, scope: user}]
  written-by: {set-by: [{subcommand: [env], with-option: [-w]}], default-scope: user}
caches:
  - title: crate's crates
    filled-by: [subcommand: [get]]
    at: [{config: STORE}, {path: /crates}]
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "lines.yaml").write_text(LINES)
    return load([folder])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param("RUN parcel get x", "/crates", id="nothing said"),
        pytest.param("RUN parcel config set store /s && parcel get x", "/s", id="set"),
        pytest.param("RUN parcel config STORE /s && parcel get x", "/s", id="set by the older way"),
        pytest.param("RUN parcel config set -g store /s\nWORKDIR /w\nRUN parcel get x", "/s", id="set everywhere"),
        pytest.param("RUN parcel config set store /s\nWORKDIR /w\nRUN parcel get x", "/crates", id="set elsewhere"),
        pytest.param(
            "RUN parcel config set store /s && parcel config set n 1 && parcel get x", "/s", id="one more key"
        ),
        pytest.param(
            "RUN parcel config set store /s && parcel config set store /t && parcel get x", "/t", id="set twice"
        ),
        pytest.param("RUN parcel config set store && parcel get x", "/crates", id="no value"),
        pytest.param("RUN parcel config set store=/s && parcel get x", "/crates", id="one word, which is no pair here"),
        pytest.param("RUN parcel config set store /s && parcel env -u store && parcel get x", "/crates", id="unset"),
        pytest.param("RUN parcel config set store $(date) && parcel get x", "/crates", id="a value that is not known"),
        pytest.param(
            """RUN echo '{"config": {"p_store": "/s", "n": 1}}' > parcel.json && parcel get x""",
            "/s",
            id="in its section",
        ),
        pytest.param(
            """RUN echo '{"p_store": "/s"}' > parcel.json && parcel get x""", "/crates", id="not in its section"
        ),
        pytest.param(
            """RUN echo '{"config": 1}' > parcel.json && parcel config store /s && parcel get x""",
            "/s",
            id="what should be its section is none",
        ),
        pytest.param("RUN echo 'P_STORE: /s' > parcel.yaml && parcel get x", "/s", id="a file of another form"),
        pytest.param(
            "RUN PARCEL_HOME=/p parcel config set -g store /s && PARCEL_HOME=/p parcel get x",
            "/s",
            id="below a variable",
        ),
        pytest.param(
            "RUN parcel config set -g store /s && PARCEL_HOME=/p parcel get x",
            "/crates",
            id="one variable says elsewhere",
        ),
        pytest.param("RUN parcel config set -g store /s && PARCEL_RC=1 parcel get x", "/crates", id="another one does"),
        pytest.param(
            "ENV JAVA_OPTS='-Xm1 -Dstore=/a -Dstore=/b -q'\nRUN parcel get x", "/b", id="a word of a variable"
        ),
        pytest.param("ENV JAVA_OPTS='-Xm1 x-Dstore=/a'\nRUN parcel get x", "/crates", id="no such word"),
    ],
)
def test_where_the_cache_is(rules: RuleSet, lines: str, expected: str) -> None:
    assert directories(rules, lines) == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param("RUN crate env -w STORE=/s && crate get x", "/s", id="one pair"),
        pytest.param("RUN crate env -w A=1 STORE=/s B=/x=y && crate get x", "/s", id="several"),
        pytest.param("RUN crate env -w STORE /s && crate get x", "/s", id="two words"),
        pytest.param("RUN crate env -w A=1 STORE /s && crate get x", "/s", id="a mixture"),
        pytest.param("RUN crate env -w STORE=/s STORE && crate get x", "/crates", id="set to nothing"),
        pytest.param("RUN crate env STORE=/s && crate get x", "/crates", id="without its option"),
        pytest.param("RUN mkdir ~/.crate && cd ~/.crate && echo STORE=/s > env\nRUN crate get x", "/s", id="by hand"),
        pytest.param("COPY <<env /root/.crate/\nSTORE=/s\nenv\nRUN crate get x", "/s", id="by COPY"),
    ],
)
def test_a_file_of_lines(rules: RuleSet, lines: str, expected: str) -> None:
    assert directories(rules, lines) == [expected]


def directories(rules: RuleSet, lines: str) -> list[str]:
    dockerfile = parse(Source("Dockerfile", f"FROM base\n{lines}\n".encode()))
    assert not dockerfile.problems
    return [entry.directory for run in read_runs(dockerfile, rules.knowledge) for entry in run.entries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"RUN echo STORE=/s > /root/.crate/env", True, id="the file in its folder"),
        pytest.param(b"RUN env A=1 make", False, id="a word that is the file's name"),
        pytest.param(b"COPY parcel.json .", True, id="a file of the tool's name"),
    ],
)
def test_a_file_whose_folder_names_the_tool_is_found_by_that(rules: RuleSet, text: bytes, expected: bool) -> None:
    assert rules.knowledge.catalog.mentioned_in(SearchedText.of(text)) is expected
