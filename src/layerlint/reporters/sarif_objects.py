"""The objects of a SARIF log: rules, results and notifications."""

from __future__ import annotations

import re
from urllib.parse import quote

from layerlint.finding import FileError, Finding, Fix, Severity
from layerlint.reporters.json_text import is_unicode
from layerlint.reporters.markdown_text import markdown
from layerlint.reporters.reporter import RuleDescription
from layerlint.reporters.sentences import message_and_advice, sentence
from layerlint.source.source import Source, Span, encode
from layerlint.visible import visible

Json = dict[str, object]

ROOT = "%SRCROOT%"
"""Stands for the folder that layerlint ran in."""

# Not `primaryLocationLineHash`, the one key that GitHub uses: its upload action computes that from the file, and warns
# of each result that brings another value under this name. Ours is for viewers that compare logs themselves.
_FINGERPRINT = "layerlint/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# The words that GitHub sorts by.
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# A culprit of more bytes than this is shown by its region alone.
_MAX_SNIPPET_LENGTH = 2000
# The limits of GitHub: it refuses more tags, and takes no more characters of the others.
_MAX_NAME_LENGTH = 255
_MAX_DESCRIPTION_LENGTH = 1024
_MAX_TAGS = 20


def result_object(source: Source, finding: Finding, fingerprint: str) -> Json:
    """A finding as a result; the first related location has the number 1."""
    result: Json = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"id": 0, "physicalLocation": _physical_location(source, finding.span)}],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical_location(source, related.span),
                "message": {"text": _without_links(visible(sentence(related.message), keep="\n"))},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    fixes = [_fix(source, fix) for fix in finding.fixes if all(is_unicode(edit.text) for edit in fix.edits)]
    if fixes:
        result["fixes"] = fixes
    if finding.unfixable:
        result["properties"] = {"unfixable": visible(finding.unfixable, keep="\n")}
    return result


def _message(finding: Finding) -> str:
    """The message, with links to the related locations: GitHub shows them nowhere else."""
    links = [
        f"See [{_link_text(visible(related.message))}]({number})." for number, related in enumerate(finding.related, 1)
    ]
    return " ".join([_without_links(message_and_advice(finding)), *links])


def _without_links(text: str) -> str:
    """`text`, in which a Dockerfile's `[words](address)` is not the link that SARIF makes of it."""
    return text.replace("](", "] (")


def _link_text(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\[]" else char for char in text)


def rule_object(rule: RuleDescription) -> Json:
    """A rule as a reporting descriptor."""
    help_text = "\n\n".join(part.strip() for part in (rule.note, rule.advice) if part)
    addresses = [reference for reference in rule.references if _is_address(reference)]
    sources = [f"- <{each}>" if _is_address(each) else f"- {markdown(each)}" for each in rule.references]
    descriptor: Json = {
        "id": rule.id,
        "name": _cut("".join(word[:1].upper() + word[1:] for word in rule.name.split("-")), _MAX_NAME_LENGTH),
        "shortDescription": {"text": _cut(visible(sentence(rule.summary)), _MAX_DESCRIPTION_LENGTH)},
        "fullDescription": {
            "text": _cut(visible(sentence(rule.note.strip() or rule.summary), keep="\n"), _MAX_DESCRIPTION_LENGTH)
        },
        "help": {
            "text": visible("\n".join([help_text, *rule.references]), keep="\n"),
            "markdown": visible("\n".join([help_text, "", *sources]), keep="\n"),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity], **({} if rule.default else {"enabled": False})},
        "properties": {
            "tags": ["dockerfile", *rule.tags, *rule.aliases][:_MAX_TAGS],
            "precision": "very-high",
            "problem.severity": _PROBLEM_SEVERITIES[rule.severity],
        },
    }
    if addresses:
        descriptor["helpUri"] = addresses[0]
    return descriptor


def _is_address(reference: str) -> bool:
    return re.fullmatch(r"https?://[!-;=?-~]+", reference) is not None


def _fix(source: Source, fix: Fix) -> Json:
    replacements = []
    for edit in fix.edits:
        replacement: Json = {"deletedRegion": _region(source, Span(edit.start, edit.end))}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        replacements.append(replacement)
    return {
        "description": {"text": visible(sentence(fix.title))},
        "artifactChanges": [{"artifactLocation": _artifact(source.path), "replacements": replacements}],
        "properties": {"safety": str(fix.safety)},
    }


def notification_object(error: FileError) -> Json:
    """An error of a file as a notification."""
    place: Json = {"artifactLocation": _artifact(error.path)}
    if error.line:
        place["region"] = {"startLine": error.line, **({"startColumn": error.column} if error.column else {})}
    return {
        "level": "error",
        "message": {"text": visible(sentence(error.message), keep="\n")},
        "locations": [{"physicalLocation": place}],
    }


def _physical_location(source: Source, span: Span) -> Json:
    region = _region(source, span)
    if 0 < len(span) <= _MAX_SNIPPET_LENGTH:
        region["snippet"] = {"text": visible(source.text(span), keep="\t\r\n")}
    return {"artifactLocation": _artifact(source.path), "region": region}


def _region(source: Source, span: Span) -> Json:
    """Lines and columns count from 1, the end column is exclusive: the same in SARIF as in layerlint."""
    start, end = source.position(span.start), source.position(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _artifact(path: str) -> Json:
    """A path as a URI: relative to the folder layerlint ran in, or a file URI when it is absolute."""
    if path.startswith("/"):
        return {"uri": "file://" + quote(encode(path))}
    if path[1:3] == ":/":
        return {"uri": "file:///" + quote(encode(path), safe="/:")}
    return {"uri": quote(encode(path)).removeprefix("./"), "uriBaseId": ROOT}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
