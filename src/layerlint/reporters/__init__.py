"""Output formats, one file each; all of them print the same findings."""

from __future__ import annotations

from importlib import import_module

from layerlint.reporters.reporter import ReportContext, Reporter, RuleDescription, Write

__all__ = ["FORMATS", "ReportContext", "Reporter", "RuleDescription", "Write", "create"]

# Module and class by format, as text: a run imports only the reporter that it uses.
_REPORTERS = {
    "text": ("layerlint.reporters.text", "TextReporter"),
    "json": ("layerlint.reporters.json_report", "JsonReporter"),
    "sarif": ("layerlint.reporters.sarif", "SarifReporter"),
    "patch": ("layerlint.reporters.patch", "PatchReporter"),
    "github": ("layerlint.reporters.github", "GithubReporter"),
    "gitlab": ("layerlint.reporters.gitlab", "GitlabReporter"),
    "checkstyle": ("layerlint.reporters.checkstyle", "CheckstyleReporter"),
    "junit": ("layerlint.reporters.junit", "JunitReporter"),
    "markdown": ("layerlint.reporters.markdown", "MarkdownReporter"),
}

FORMATS = tuple(_REPORTERS)


def create(format_name: str, write: Write, context: ReportContext) -> Reporter:
    """The reporter of a format in `FORMATS`, which hands its text to `write`; KeyError for any other name.

    Text may hold lone surrogates (bytes that are not UTF-8) from the patch reporter only: encode with
    `surrogateescape` and translate no line endings.
    """
    module, name = _REPORTERS[format_name]
    reporter: Reporter = getattr(import_module(module), name)(write, context)
    return reporter
