from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.documents.toml_positions import toml_places
from tests.program import timed

TEXT = '''\
title = """
[tool.layerlint]
select = "not this"
""" # "
[tool.other]
x.y = [1.5, [2, 3], {a = 'b'}] # ]
[tool.layerlint]
select = [
  "PIP", # a comment, with a comma
  "LL",
]
severity = { PIP001 = "off", "a.b" = 'info' }
  fail-on="never"

[tool.layerlint."per-file-ignores"]
"x/*" = ["A"]
[[many]]
z = 1
'''


@pytest.mark.parametrize(
    ("location", "key", "value"),
    [
        (("tool", "layerlint"), (7, 2), (7, 2)),
        (("tool", "layerlint", "select"), (8, 1), (8, 10)),
        (("tool", "layerlint", "select", 0), (9, 3), (9, 3)),
        (("tool", "layerlint", "select", 1), (10, 3), (10, 3)),
        (("tool", "layerlint", "severity", "PIP001"), (12, 14), (12, 23)),
        (("tool", "layerlint", "severity", "a.b"), (12, 30), (12, 38)),
        (("tool", "layerlint", "fail-on"), (13, 3), (13, 11)),
        (("tool", "layerlint", "per-file-ignores", "x/*"), (16, 1), (16, 9)),
        (("tool", "layerlint", "per-file-ignores", "x/*", 0), (16, 10), (16, 10)),
        (("tool", "other", "x", "y", 1, 0), (6, 14), (6, 14)),
        (("tool", "other", "x", "y", 2, "a"), (6, 22), (6, 26)),
        (("many", "z"), (18, 1), (18, 5)),
    ],
    ids=str,
)
def test_places(location, key, value):
    assert tomllib.loads(TEXT)
    place = toml_places(TEXT)[location]
    assert (place.key, place.value) == (key, value)


scalars = st.one_of(
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text("ab]}[{,=#'\n\"\\.", max_size=6),
)
keys = st.text("ab.]=#\"' ", min_size=1, max_size=4)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)


def written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{escaped}"'
        case list():
            return "[" + ", # ]\n ".join(written(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + "}"
    return repr(value)


def locations(value: object, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {at}.union(*(locations(item, (*at, key)) for key, item in items))


@given(st.dictionaries(keys, values, max_size=4))
def test_every_value_has_its_place_and_no_other_does(data):
    text = "".join(f"{written(key)} = {written(value)}\n" for key, value in data.items())
    assert tomllib.loads(text) == data
    places = toml_places(text)
    assert set(places) == locations(data)
    lines = text.split("\n")
    for location, place in places.items():
        value = data
        for part in location:
            value = value[part]
        if location and not isinstance(value, list | dict):
            line, column = place.value
            assert lines[line - 1][column - 1 :].startswith(written(value))


@timed
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: "[tool.layerlint]\nselect = [" + '"A1", ' * n + "]\n", id="words in a list"),
        pytest.param(lambda n: "select = [\n" + '  "A1", # why\n' * n + "]\n", id="lines of a list"),
        pytest.param(lambda n: "severity = {" + ", ".join(f"A{i} = 'off'" for i in range(n)) + "}\n", id="a mapping"),
        pytest.param(lambda n: "".join(f"A{i} = 1\n" for i in range(n)), id="keys"),
        pytest.param(lambda n: "".join(f"[a.b{i}]\nc = 1\n" for i in range(n)), id="tables"),
        pytest.param(lambda n: "[[a]]\nb = 1\n" * n, id="tables of one list"),
        pytest.param(lambda n: 'a = """\n' + 'line of "a" text\n' * n + '"""\n', id="a long text"),
        pytest.param(lambda n: "# a comment\n\n" * n, id="comments"),
    ],
)
def test_time_grows_with_the_size(text):
    def seconds(text):
        start = time.process_time()
        toml_places(text)
        return time.process_time() - start

    # The shortest of several: what else the machine does only makes one longer.
    limit = 8 * max(min(seconds(text(5_000)) for _ in range(3)), 0.005)
    assert any(seconds(text(20_000)) < limit for _ in range(3))
