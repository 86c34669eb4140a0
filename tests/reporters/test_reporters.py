from __future__ import annotations

import subprocess
import sys

import pytest
from report_samples import failed, render, report

from layerlint.reporters import FORMATS, ReportContext, create
from tests.program import unmeasured

MODULES = {
    "text": "layerlint.reporters.text",
    "json": "layerlint.reporters.json_report",
    "sarif": "layerlint.reporters.sarif",
    "patch": "layerlint.reporters.patch",
    "github": "layerlint.reporters.github",
    "gitlab": "layerlint.reporters.gitlab",
    "checkstyle": "layerlint.reporters.checkstyle",
    "junit": "layerlint.reporters.junit",
    "markdown": "layerlint.reporters.markdown",
}


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_run_imports_only_the_reporter_that_it_uses(format_name: str) -> None:
    program = (
        "import sys; from layerlint.reporters import ReportContext, create\n"
        f"create({format_name!r}, print, ReportContext(version='1'))\n"
        "print(*[name for name in sys.modules if name.startswith('layerlint') or name == 'json'])"
    )
    run = subprocess.run([sys.executable, "-c", program], env=unmeasured(), capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert loaded & set(MODULES.values()) == {MODULES[format_name]}
    assert ("json" in loaded) == (format_name in ("json", "sarif", "gitlab"))


def test_an_unknown_format() -> None:
    with pytest.raises(KeyError):
        create("xml", print, ReportContext(version="1"))


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name not in ("sarif", "markdown")])
def test_findings_are_printed_file_by_file_and_not_kept(format_name: str) -> None:
    pieces: list[str] = []
    reporter = create(format_name, pieces.append, ReportContext(version="1"))
    for number in range(3):
        before = len(pieces)
        reporter.add(report(f"{number}/Dockerfile", "FROM a\nRUN pip install b\n"))
        assert f"{number}/Dockerfile" in "".join(pieces[before:])


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "patch"])
@pytest.mark.parametrize("line", [0, 3])
def test_what_could_not_be_checked_is_in_every_report(format_name: str, line: int) -> None:
    broken = failed("broken/Dockerfile", "unknown instruction: FRM", line, line)
    printed = render(format_name, report("Dockerfile", "RUN pip install b\n"), broken)
    for part in ("broken/Dockerfile", "unknown", "instruction", "FRM"):
        assert part in printed
    assert render(format_name, broken) != render(format_name)


@pytest.mark.parametrize("format_name", FORMATS)
def test_output_ends_in_one_line_feed(format_name: str) -> None:
    printed = render(format_name, report("Dockerfile", "FROM a\nRUN pip install b\n"), failed("x", "unreadable"))
    assert printed.endswith("\n")
    assert not printed.endswith("\n\n")
