"""Strategies for files that look like Dockerfiles to the parser's every corner: a head, and lines to follow it."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = st.sampled_from([
    "RUN", "run", "ENV", "COPY", "ADD", "CMD", "ONBUILD", "FROM", "LABEL", "ARG", "HEALTHCHECK", "WORKDIR", "FOO", "\\",
    "`", "#", "a", "b=c", "--f", "--f=g", "--", "<<E", "<<-E", "<<'E'", '<<"E"', "3<<E", "<<F", "<<<", "E", "\tE", "F",
    '["a"]', '["a",', '"b"]', "[", "]", '"', "'", '"x y"', "'x y'", "\\\\", "$a", "${a}", "${a:-b}", "\\a", "é",
    "\u00a0b", "\v", "\r", "\t", " ", "  ", "",
])  # fmt: skip
_ENDINGS = st.sampled_from(["\n", "\n", "\n", "\r\n", " \\\n", "\\\n", " \\\r\n", "`\n", " \\ \n", "\n\n", "\n#\n"])
_WORD_LINES = st.tuples(st.lists(_WORDS, max_size=5), st.sampled_from(["", " ", " ", "\t"]), _ENDINGS).map(
    lambda parts: parts[1].join(parts[0]) + parts[2]
)
_WHOLE_LINES = st.sampled_from([
    "RUN <<E\n", "E\n", "F\n", "# c\n", "RUN a \\\n", " b \\\n", " b\n", "COPY <<E <<-F /x\n", "\tF\n", "\n", "  \n",
    "ENV a=b c=d\n", 'CMD ["a", "b"]\n', "ONBUILD RUN <<E a\n", "\\\n", "RUN --a=b \\\n",
])  # fmt: skip
HEADS = st.sampled_from(
    ["", "", "FROM a\n", "# escape=`\n", "# syntax=a\n# escape=`\n", "#escape=\\\n", "\ufeff", "# x=y\n"]
)
LINES = st.lists(st.one_of(_WORD_LINES, _WHOLE_LINES), max_size=12)
