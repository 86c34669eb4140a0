# ruff: noqa: ISC004

from __future__ import annotations

import time

import pytest

from layerlint.documents.positions import MAX_DEPTH
from layerlint.documents.yaml_reader import load_yaml
from layerlint.errors import UserError

TEXT = """\
select: [PIP, LL001]   # two
severity:
  PIP001: off
"per-file-ignores":
  'x/*':
    - A1
    -   B2
"""


def test_data_and_places():
    data, lookup = load_yaml(TEXT, "x.yaml")
    assert data == {
        "select": ["PIP", "LL001"],
        "severity": {"PIP001": "off"},
        "per-file-ignores": {"x/*": ["A1", "B2"]},
    }
    assert lookup(("select",)) == (1, 9)
    assert lookup(("select",), key=True) == (1, 1)
    assert lookup(("select", 1)) == (1, 15)
    assert lookup(("severity", "PIP001"), key=True) == (3, 3)
    assert lookup(("severity", "PIP001")) == (3, 11)
    assert lookup(("per-file-ignores", "x/*", 1)) == (7, 9)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        pytest.param((), (1, 1), id="the whole file"),
        pytest.param(("nowhere",), (1, 1), id="a missing key is in the file"),
        pytest.param(("severity", "nowhere"), (3, 3), id="a missing key is in its mapping"),
        pytest.param(("select", "list[str]", 0), (1, 10), id="an alternative's name is passed over"),
    ],
)
def test_places_of_what_is_not_there(location, expected):
    assert load_yaml(TEXT, "x.yaml")[1](location) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"), ("on", "on"), ("yes", "yes"), ("No", "No"), ("'1'", "1"), ('"true"', "true"),
        ("true", True), ("False", False), ("~", None), ("null", None), ("", None), ("12", 12), ("-3", -3),
        ("010", 10), ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("1_000", "1_000"), ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"), ("=", "="), ("<<", "<<"), (".", "."), ("9" * 1001, "9" * 1001),
    ],
)  # fmt: skip
def test_plain_scalars_are_yaml_1_2(text, value):
    data, _ = load_yaml(f"key: {text}\n", "x.yaml")
    assert data["key"] == value
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize(("text", "data"), [("", None), ("# only a comment\n", None), ("[]", []), ("a\n", "a")])
def test_small_files(text, data):
    assert load_yaml(text, "x.yaml")[0] == data


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        pytest.param(
            "a: 1\nb: 2\na: 3\nb: 4\n",
            [
                'x.yaml:3:1: error: the key "a" stands twice\n'
                "  it stands on line 1 already, and only one of the two could count\n"
                "  help: keep one of them",
                'x.yaml:4:1: error: the key "b" stands twice\n'
                "  it stands on line 2 already, and only one of the two could count\n"
                "  help: keep one of them",
            ],
            id="every duplicate key",
        ),
        pytest.param(
            "a: &x [1]\nb: *x\n",
            [
                "x.yaml:1:4: error: anchors and aliases are not read here\n  `&x` is one\n"
                "  help: write the value out where it is needed; put text that starts with & or * in quotes",
                "x.yaml:2:4: error: anchors and aliases are not read here\n  `*x` is one\n"
                "  help: write the value out where it is needed; put text that starts with & or * in quotes",
            ],
            id="anchors",
        ),
        pytest.param(
            "a: !!python/object:os.system x\n",
            [
                "x.yaml:1:4: error: tags are not read here\n"
                "  `tag:yaml.org,2002:python/object:os.system` asks for more than plain data\n"
                "  help: take it out; put text in quotes"
            ],
            id="tag",
        ),
        pytest.param(
            "a: 1\n---\nb: 1\n",
            [
                "x.yaml:2:1: error: there is more than one document\n  one file is one document\n"
                "  help: take out the `---`"
            ],
            id="two documents",
        ),
        pytest.param(
            "? [a]\n: 1\n",
            ["x.yaml:1:3: error: a key must be text\n  here a list or a mapping stands for a key"],
            id="a list as a key",
        ),
    ],
)
def test_what_is_refused(text, messages):
    with pytest.raises(UserError) as caught:
        load_yaml(text, "x.yaml")
    assert [str(mistake) for mistake in caught.value.mistakes] == messages


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a: [1\nb: 2\n", (2, 2), id="open bracket"),
        pytest.param("a: 1\n\tb: 2\n", (2, 1), id="tab"),
        pytest.param("a: 'x\n", (2, 1), id="open quote"),
    ],
)
def test_syntax_errors_have_a_place(text, place):
    with pytest.raises(UserError) as caught:
        load_yaml(text, "x.yaml")
    (mistake,) = caught.value.mistakes
    assert (mistake.title, (mistake.line, mistake.column)) == ("this is not YAML", place)


@pytest.mark.parametrize(
    "text", ["a: \x00", "a: \x1b[31m", "a: \ud800", '"\\ud800"', "\ufffe", "%YAML 9.9\n---\n", "@"]
)
def test_hostile_characters_are_mistakes(text):
    with pytest.raises(UserError):
        load_yaml(text, "x.yaml")


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000], ids=["lists", "mappings", "block"])
def test_deep_nesting_is_refused_at_once(text):
    started = time.perf_counter()
    with pytest.raises(UserError) as caught:
        load_yaml(text, "x.yaml")
    assert time.perf_counter() - started < 1
    # Some versions of libyaml count up to a thousand brackets themselves, and look ahead.
    said = caught.value.mistakes[0].cause
    assert f"more than {MAX_DEPTH}" in said or "exceeded maximum nesting depth" in said


def test_a_file_too_large_is_refused():
    with pytest.raises(UserError, match="more than 1,000,000 characters"):
        load_yaml("#" * 1_000_001, "x.yaml")
