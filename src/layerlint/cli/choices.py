"""What options of the command line may be."""

import enum


class Format(enum.StrEnum):
    """What `check` prints."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    PATCH = "patch"
    GITHUB = "github"
    GITLAB = "gitlab"
    CHECKSTYLE = "checkstyle"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class ListFormat(enum.StrEnum):
    """What `rules` prints."""

    TEXT = "text"
    JSON = "json"


class FailOn(enum.StrEnum):
    """The severity that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Color(enum.StrEnum):
    """When to print colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"
