from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hostile import TEXTS, hostile_report
from hypothesis import example, given
from published_forms import check_xml
from report_samples import failed, finding_at, render, report

from layerlint.finding import FileReport, Severity
from layerlint.reporters.sentences import sentence
from layerlint.source.source import Source
from layerlint.visible import visible

SOURCE = Source("app/Dockerfile", b"FROM a\n\nRUN pip install b\n")


def test_the_whole_report() -> None:
    finding = finding_at(SOURCE, "pip install", advice='Add "it" & <more>\nnow')
    printed = render(
        "checkstyle",
        FileReport(SOURCE.path, SOURCE, (finding,)),
        report("clean/Dockerfile", "FROM a\n"),
        failed("bad/Dockerfile", "unknown instruction: FRM", 3, 1),
        failed("worse/Dockerfile", "permission denied"),
    )
    check_xml("checkstyle", printed)
    assert printed == (
        """\
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="app/Dockerfile">
    <error line="3" column="5" severity="warning" message="pip install leaves /root/.cache/pip in this layer."""
        """ Add &quot;it&quot; &amp; &lt;more&gt;&#10;now." source="layerlint.PIP001" />
  </file>
  <file name="clean/Dockerfile" />
  <file name="bad/Dockerfile">
    <error line="3" column="1" severity="error" message="unknown instruction: FRM." source="layerlint.unchecked-file" />
  </file>
  <file name="worse/Dockerfile">
    <error line="0" severity="error" message="permission denied." source="layerlint.unchecked-file" />
  </file>
</checkstyle>
"""
    )


def test_no_files() -> None:
    printed = render("checkstyle")
    check_xml("checkstyle", printed)
    assert printed.endswith('<checkstyle version="4.3">\n</checkstyle>\n')


@pytest.mark.parametrize("severity", Severity)
def test_severities_have_the_same_names(severity: Severity) -> None:
    finding = finding_at(SOURCE, "pip install", severity=severity)
    printed = render("checkstyle", FileReport(SOURCE.path, SOURCE, (finding,)))
    check_xml("checkstyle", printed)
    assert f' severity="{severity}" ' in printed


@given(TEXTS)
@example("\ufffe\uffff")
def test_whatever_a_dockerfile_holds_it_is_valid_and_comes_back(text: str) -> None:
    found = hostile_report(text)
    printed = render("checkstyle", found)
    check_xml("checkstyle", printed)
    file = ET.fromstring(printed.encode())[0]
    assert file.get("name") == visible(found.path, keep="\n")
    assert file[0].get("message") == visible(sentence(f"e{text}"), keep="\n")
