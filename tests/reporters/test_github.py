from __future__ import annotations

import json

import pytest
from report_samples import failed, finding_at, render

from layerlint.finding import FileReport, Severity
from layerlint.source.source import Source, Span
from layerlint.visible import visible
from tests.validators import node_module, run

SOURCE = Source("app/Dockerfile", b"FROM a\nRUN pip install b \\\n    c\n")


def rendered(path: str = "app/Dockerfile", **fields: object) -> str:
    source = Source(path, SOURCE.data)
    return render("github", FileReport(path, source, (finding_at(source, "pip install", **fields),)))


@pytest.mark.parametrize(
    ("severity", "command"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")]
)
def test_the_whole_command(severity: Severity, command: str) -> None:
    assert rendered(severity=severity) == (
        f"::{command} title=PIP001 pip-cache-in-layer,file=app/Dockerfile,line=2,endLine=2,col=5,endColumn=16"
        "::pip install leaves /root/.cache/pip in this layer%0AAdd --no-cache-dir\n"
    )


def test_no_columns_over_several_lines() -> None:
    assert "line=2,endLine=3::" in rendered(span=Span(11, 30))


@pytest.mark.parametrize(
    ("message", "escaped"),
    [
        pytest.param("100% a", "::100%25 a\n", id="percent"),
        pytest.param("a\nb", "::a%0Ab\n", id="line feed"),
        pytest.param("a: b, c::d", "::a: b, c::d\n", id="colons and commas mean nothing in a message"),
        pytest.param("a\n::error::b", "::a%0A::error::b\n", id="no second command"),
        pytest.param("a%0A", "::a%250A\n", id="an escape in the message stays text"),
    ],
)
def test_message_escapes(message: str, escaped: str) -> None:
    assert rendered(message=message, advice="").endswith(escaped)


def test_property_escapes() -> None:
    assert "file=a%3Ab%2Cc%25/Dockerfile␊::error::x,line=" not in rendered("a:b,c%/Dockerfile\n::error::x")
    assert "file=a%3Ab%2Cc%25/Dockerfile␊%3A%3Aerror%3A%3Ax,line=" in rendered("a:b,c%/Dockerfile\n::error::x")


def test_errors_with_and_without_a_place() -> None:
    title = "title=layerlint could not check this file"
    assert render("github", failed("a", "b")) == f"::error {title},file=a::b\n"
    assert render("github", failed("a", "b", 3)) == f"::error {title},file=a,line=3::b\n"
    assert render("github", failed("a", "b", 3, 4)) == f"::error {title},file=a,line=3,col=4::b\n"


TOOLKIT = """
import fs from 'node:fs';
const {error, warning, notice} = await import(process.argv[1]);
for (const [command, message, properties] of JSON.parse(fs.readFileSync(0, 'utf8')))
    ({error, warning, notice})[command](message, properties);
"""


@pytest.mark.validators
def test_the_toolkit_of_github_prints_the_same() -> None:
    """Runs the npm package @actions/core."""
    texts = [
        visible(text) for text in ("a", "a:b,c;d", "100%25", "::error::x", "a=b", "]", "é日😀\udcff\u2028", "\x1b\r")
    ]
    calls, printed = [], ""
    for text in texts:
        for severity, command in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")):
            for span, lines in ((Span(11, 22), (2, 2, 5, 16)), (Span(11, 30), (2, 3, None, None))):
                path, message = f"{text}/Dockerfile", f"{text}\n{text}"
                fields: dict[str, object] = {"severity": severity, "span": span, "message": message, "advice": ""}
                printed += rendered(path, **fields, name=text)
                places = dict(zip(("startLine", "endLine", "startColumn", "endColumn"), lines, strict=True))
                calls.append((command, message, {"title": f"PIP001 {text}", "file": path, **places}))
    core = node_module("@actions/core") / "lib" / "core.js"
    assert run("node", "--input-type=module", "--eval", TOOLKIT, core, stdin=json.dumps(calls)) == printed
