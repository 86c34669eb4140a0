"""The instructions that BuildKit knows, and what its parser does with each."""

from __future__ import annotations

KEYWORDS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip

# A JSON array of strings after these is read as one. HEALTHCHECK has a word in front of it.
TAKES_EXEC_FORM = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"})

# RUN's flags (Dockerfile reference, RUN). BuildKit stops at any other.
RUN_FLAGS = frozenset({"device", "mount", "network", "security"})

# Docker replaces variables in these (Dockerfile reference, Environment replacement), a shell in others, if any.
EXPANDED = frozenset({
    "ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip

TAKES_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})

# The rest mean something without arguments too: an empty RUN or CMD is built.
NEEDS_ARGUMENTS = KEYWORDS - {"CMD", "ENTRYPOINT", "RUN"}
