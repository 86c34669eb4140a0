from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import PIP001, RULES, failed, finding_at, related_to, render, report

from layerlint.finding import Edit, FileReport, Fix, Safety, Severity
from layerlint.reporters import sarif
from layerlint.rules.loading import load
from layerlint.source.source import Source, Span
from tests.validators import sarif_complaints

SOURCE = Source("app/Dockerfile", b"FROM a\nRUN pip install b \\\n    c\n")


def run_of(*reports: FileReport, **context: Any) -> dict[str, Any]:
    log = json.loads(render("sarif", *reports, **context))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    run: dict[str, Any] = log["runs"][0]
    return run


def result_of(finding_fields: dict[str, Any] | None = None, source: Source = SOURCE) -> dict[str, Any]:
    finding = finding_at(source, "pip install", **(finding_fields or {}))
    result: dict[str, Any] = run_of(FileReport(source.path, source, (finding,)))["results"][0]
    return result


def test_the_whole_result() -> None:
    fields = {"related": (related_to(SOURCE, "FROM a", "the stage starts here"),), "unfixable": "no"}
    uri = {"uri": "app/Dockerfile", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 16, "snippet": {"text": "pip install"}}
    stage = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 7, "snippet": {"text": "FROM a"}}
    deleted = {"startLine": 2, "startColumn": 16, "endLine": 2, "endColumn": 16}
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": " --no-cache-dir"}}
    result = result_of(fields)
    assert list(result.pop("partialFingerprints")) == ["layerlint/v1"]
    assert result == {
        "ruleId": "PIP001",
        "ruleIndex": 1,
        "level": "warning",
        "message": {
            "text": "pip install leaves /root/.cache/pip in this layer. Add --no-cache-dir."
            " See [the stage starts here](1)."
        },
        "locations": [{"id": 0, "physicalLocation": {"artifactLocation": uri, "region": region}}],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {"artifactLocation": uri, "region": stage},
                "message": {"text": "the stage starts here."},
            }
        ],
        "fixes": [
            {
                "description": {"text": "Add --no-cache-dir."},
                "artifactChanges": [{"artifactLocation": uri, "replacements": [replacement]}],
                "properties": {"safety": "safe"},
            }
        ],
        "properties": {"unfixable": "no"},
    }


def test_the_run() -> None:
    run = run_of(report("Dockerfile", "FROM a\n"))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"] == {"id": "layerlint/"}
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert run["results"] == []
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("layerlint", "1.2.3", "1.2.3")
    assert driver["informationUri"] == "urn:layerlint:tool"
    assert "semanticVersion" not in run_of(version="1.2.3.dev4")["tool"]["driver"]


def test_rule_metadata() -> None:
    first, second = run_of()["tool"]["driver"]["rules"]
    assert (first["id"], first["name"], first["defaultConfiguration"]) == (
        "LL001",
        "UnusedSuppression",
        {"level": "note"},
    )
    assert "helpUri" not in first
    assert second == {
        "id": "PIP001",
        "name": "PipCacheInLayer",
        "shortDescription": {"text": "pip leaves its cache in the layer."},
        "fullDescription": {"text": "Why it matters.\nIn two lines."},
        "help": {
            "text": "Why it matters.\nIn two lines.\n\nDo it otherwise\n"
            "pip's source: pip/_internal/x.py, no_cache\nhttps://docs.docker.com/build/cache/",
            "markdown": "Why it matters.\nIn two lines.\n\nDo it otherwise\n\n"
            "- pip's source: `pip/_internal/x.py`, `no_cache`\n- <https://docs.docker.com/build/cache/>",
        },
        "helpUri": "https://docs.docker.com/build/cache/",
        "defaultConfiguration": {"level": "warning"},
        "properties": {
            "tags": ["dockerfile", "image-size", "DL3042"],
            "precision": "very-high",
            "problem.severity": "warning",
        },
    }


def test_rule_metadata_comes_from_the_rules() -> None:
    """Of a rule that is on, and of one that is off unless it is selected."""
    rules = [rule for name in ("PIP001", "DF002") if (rule := load().names.named(name))]
    on, off = run_of(rules=tuple(rules))["tool"]["driver"]["rules"]
    assert (on["defaultConfiguration"], on["properties"]["tags"]) == (
        {"level": "warning"},
        ["dockerfile", "image-size", "DL3042"],
    )
    assert (off["id"], off["name"], off["defaultConfiguration"], off["properties"]["tags"]) == (
        "DF002",
        "LatestTag",
        {"level": "warning", "enabled": False},
        ["dockerfile", "DL3007"],
    )
    assert off["shortDescription"]["text"].startswith("the base image is whatever is newest")


def test_rule_metadata_within_the_limits_of_github() -> None:
    long = replace(PIP001, name="-".join(["word"] * 100), summary="s" * 2000, note="n" * 2000, aliases=("X1",) * 50)
    (rule,) = run_of(rules=(long,))["tool"]["driver"]["rules"]
    assert (len(rule["name"]), len(rule["properties"]["tags"])) == (255, 20)
    for description in ("shortDescription", "fullDescription"):
        text = rule[description]["text"]
        assert (len(text), text[-1]) == (1024, "…")
    assert "n" * 2000 in rule["help"]["text"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("[click](https://evil.example)", "[click] (https://evil.example)", id="a link"),
        pytest.param("![x](1)](2", "![x] (1)] (2", id="two"),
        pytest.param("a[0] (b)", "a[0] (b)", id="no link"),
    ],
)
def test_a_dockerfile_makes_no_links(text: str, shown: str) -> None:
    """SARIF makes `[text](address)` in a message a link."""
    message = result_of({"message": text, "advice": ""})["message"]["text"]
    assert message.removesuffix(".") == shown
    result = result_of({"message": "m", "advice": "", "related": (related_to(SOURCE, "FROM a", text),)})
    escaped = text.replace("[", "\\[").replace("]", "\\]")
    assert result["message"]["text"] == f"m. See [{escaped}](1)."
    assert result["relatedLocations"][0]["message"]["text"].removesuffix(".") == shown


def test_rule_index_points_to_the_rule() -> None:
    run = run_of(report("Dockerfile", "RUN pip install b"))
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert "ruleIndex" not in result_of({"rule": "OTHER001"})


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")]
)
def test_levels(severity: Severity, level: str) -> None:
    assert result_of({"severity": severity})["level"] == level


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("./app/Dockerfile", "app/Dockerfile", id="a leading dot segment goes"),
        pytest.param("my app/Dockerfile", "my%20app/Dockerfile", id="space"),
        pytest.param("100%/a#b?c/Dockerfile", "100%25/a%23b%3Fc/Dockerfile", id="what a URI gives a meaning"),
        pytest.param("a:b/Dockerfile", "a%3Ab/Dockerfile", id="a colon does not make a scheme"),
        pytest.param("é/Dockerfile", "%C3%A9/Dockerfile", id="not ASCII"),
        pytest.param("\udce9/Dockerfile", "%E9/Dockerfile", id="not UTF-8"),
    ],
)
def test_relative_uris(path: str, uri: str) -> None:
    artifact = result_of(source=Source(path, SOURCE.data))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert unquote_to_bytes(uri) == path.removeprefix("./").encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/a b/Dockerfile", "file:///a%20b/Dockerfile"), ("C:/a b/Dockerfile", "file:///C:/a%20b/Dockerfile")],
)
def test_absolute_paths_have_no_base(path: str, uri: str) -> None:
    artifact = result_of(source=Source(path, SOURCE.data))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri}


def test_an_edit_that_deletes_inserts_nothing() -> None:
    fix = Fix("Delete it", Safety.UNSAFE, (Edit(11, 15, ""),))
    assert result_of({"fixes": (fix,)})["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 9}}
    ]


def test_a_culprit_of_many_bytes_has_no_snippet() -> None:
    source = Source("Dockerfile", b"RUN " + b"pip install" * 1000)
    region = result_of({"span": Span(4, 5000)}, source)["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 5001}


def test_errors_are_notifications() -> None:
    run = run_of(failed("a b", "unknown instruction: FRM", 3, 1), failed("c", "unreadable"))
    assert run["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "level": "error",
                    "message": {"text": "unknown instruction: FRM."},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "a%20b", "uriBaseId": "%SRCROOT%"},
                                "region": {"startLine": 3, "startColumn": 1},
                            }
                        }
                    ],
                },
                {
                    "level": "error",
                    "message": {"text": "unreadable."},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "c", "uriBaseId": "%SRCROOT%"}}}],
                },
            ],
        }
    ]


MANY = Source("many/Dockerfile", b"RUN pip install b\n" * 30)


def many(severities: list[Severity], path: str = MANY.path) -> FileReport:
    """A file with a finding of each severity, named after its place in the list."""
    source = Source(path, MANY.data)
    return FileReport(
        path,
        source,
        tuple(
            finding_at(source, "pip", message=f"{path} {number}", advice="", severity=severity)
            for number, severity in enumerate(severities)
        ),
    )


def messages(run: dict[str, Any]) -> list[str]:
    return [result["message"]["text"].rstrip(".") for result in run["results"]]


INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@pytest.mark.parametrize(
    ("severities", "kept"),
    [
        pytest.param([[WARNING] * 5], ["a 0", "a 1", "a 2", "a 3", "a 4"], id="as many as fit"),
        pytest.param([[WARNING] * 3, [WARNING] * 3], ["a 0", "a 1", "a 2", "b 0", "b 1"], id="the first ones"),
        pytest.param(
            [[INFO, WARNING, ERROR, INFO], [WARNING, ERROR]],
            ["a 0", "a 1", "a 2", "b 0", "b 1"],
            id="the most severe ones",
        ),
        pytest.param([[INFO] * 20, [ERROR] * 2], ["a 0", "a 1", "a 2", "b 0", "b 1"], id="long after the others"),
        pytest.param(
            [[WARNING] * 12, [INFO] * 12, [ERROR]], ["a 0", "a 1", "a 2", "a 3", "c 0"], id="in the order of the files"
        ),
    ],
)
def test_of_too_many_results_the_most_severe_are_kept(
    monkeypatch: pytest.MonkeyPatch, severities: list[list[Severity]], kept: list[str]
) -> None:
    monkeypatch.setattr(sarif, "_MAX_RESULTS", 5)
    warnings: list[str] = []
    run = run_of(*(many(each, path) for each, path in zip(severities, "abc", strict=False)), warn=warnings.append)
    assert messages(run) == kept
    count = sum(map(len, severities))
    said = (
        f"{count - 5} of {count} results are left out, the least severe ones;"
        " GitHub takes 5 results and 10 MB, compressed."
    )
    notification = {"level": "warning", "message": {"text": said}}
    if count == 5:
        assert (run["invocations"], warnings) == ([{"executionSuccessful": True}], [])
    else:
        assert warnings == [f"the SARIF log is incomplete: {said}"]
        assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": [notification]}]


def test_what_was_cut_is_said_after_what_could_not_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MAX_RESULTS", 1)
    (invocation,) = run_of(many([WARNING, WARNING]), failed("a", "unreadable"))["invocations"]
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error", "warning"]
    assert invocation["executionSuccessful"] is False


@pytest.mark.parametrize("most", [3_000, 4_000, 10_000])
def test_a_log_is_never_larger_than_github_takes(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(sarif, "_MAX_BYTES", most)
    random = Random(0)
    source = Source("Dockerfile", b"RUN pip\n")
    findings = tuple(
        finding_at(source, "pip", message=random.randbytes(50).hex(), severity=severity, advice="", fixes=())
        for severity in (WARNING, ERROR, INFO) * 100
    )
    printed = render("sarif", FileReport("Dockerfile", source, findings))
    assert most / 2 < len(gzip.compress(printed.encode())) <= most
    levels = [result["level"] for result in json.loads(printed)["runs"][0]["results"]]
    assert 0 < len(levels) < 300
    assert levels.count("error") in (len(levels), 100)


def test_the_limits_are_those_of_github() -> None:
    assert (sarif._MAX_RESULTS, sarif._MAX_BYTES) == (25_000, 9_000_000)
    run = run_of(*(many([INFO] * 1000, str(number)) for number in range(25)), many([ERROR], "last"))
    assert len(run["results"]) == 25_000
    assert messages(run)[-1] == "last 0"


@given(
    above=st.lists(st.sampled_from(["# a", "", "RUN pip install other", "ENV a=b"]), max_size=6),
    below=st.lists(st.sampled_from(["# a", "RUN pip install b && pip install c"]), max_size=6),
)
def test_a_result_keeps_its_fingerprint_when_its_line_moves(above: list[str], below: list[str]) -> None:
    own = ["RUN pip install b && pip install c", "USER x", "  RUN pip install b  &&  pip install c"]

    def prints(lines: list[str]) -> list[str]:
        results = run_of(report("Dockerfile", "\n".join(lines)))["results"]
        return [result["partialFingerprints"]["layerlint/v1"] for result in results]

    moved = prints([*above, *own, *below])
    others = sum("other" in line for line in above)
    assert moved[others : others + 4] == prints(own)
    assert len(set(moved)) == len(moved)


@pytest.mark.validators
def test_the_official_validator_has_no_error_and_no_warning(tmp_path: Path) -> None:
    fields: dict[str, Any] = {
        "related": (related_to(SOURCE, "FROM a", "the stage"),),
        "unfixable": "no",
        "message": "ends in a stop.",
    }
    everything = [
        FileReport(SOURCE.path, SOURCE, (finding_at(SOURCE, "pip install", **fields),)),
        report("my app:é%#/Dockerfile", b"\xef\xbb\xbfFROM a\r\nRUN pip install \xff\x1b \xe2\x80\xae\r\n"),
        report("/absolute/Dockerfile", b"RUN pip install b"),
        report("../up/Dockerfile", b"RUN pip install b"),
        failed("bad/Dockerfile", "unknown instruction: FRM", 3, 1),
        failed("worse/Dockerfile", "permission denied"),
    ]
    logs = {"everything": everything, "nothing": [report("Dockerfile", "FROM a\n")], "no files": []}
    for name, reports in logs.items():
        path = tmp_path / f"{name}.sarif"
        path.write_text(render("sarif", *reports, rules=RULES), encoding="utf-8")
        assert not {level for level, _ in sarif_complaints(path)} & {"error", "warning"}, name


@pytest.mark.validators
def test_the_official_validator_finds_something_wrong_with_a_log_that_is(tmp_path: Path) -> None:
    path = tmp_path / "wrong.sarif"
    printed = render("sarif", FileReport(SOURCE.path, SOURCE, (finding_at(SOURCE, "pip install"),)))
    path.write_text(printed.replace('"helpUri": "https:', '"helpUri": "no address '), encoding="utf-8")
    assert ("error", "SARIF1002") in sarif_complaints(path)
