from __future__ import annotations

import pytest
from report_samples import failed, finding_at, render

from layerlint.finding import FileReport, Severity
from layerlint.source import Source, Span

SOURCE = Source("app/Dockerfile", b"FROM a\nRUN pip install b \\\n    c\n")


def rendered(path: str = "app/Dockerfile", **fields: object) -> str:
    source = Source(path, SOURCE.data)
    return render("github", FileReport(path, source, (finding_at(source, "pip install", **fields),)))


@pytest.mark.parametrize(
    ("severity", "command"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")]
)
def test_the_whole_command(severity: Severity, command: str) -> None:
    assert rendered(severity=severity) == (
        f"::{command} file=app/Dockerfile,line=2,endLine=2,col=5,endColumn=16,title=PIP001 pip-cache-in-layer"
        "::pip install leaves /root/.cache/pip in this layer%0AAdd --no-cache-dir\n"
    )


def test_no_columns_over_several_lines() -> None:
    assert "line=2,endLine=3,title=" in rendered(span=Span(11, 30))


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
    assert render("github", failed("a", "b")) == f"::error file=a,{title}::b\n"
    assert render("github", failed("a", "b", 3)) == f"::error file=a,line=3,{title}::b\n"
    assert render("github", failed("a", "b", 3, 4)) == f"::error file=a,line=3,col=4,{title}::b\n"
