"""Strategies that write Dockerfiles: such as people write, broken ones, and hostile ones."""

# ruff: noqa: E501

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from tests.dockerfile.generated import HEADS, LINES

_TOOLS = st.sampled_from([
    "pip install a", "pip3 install --no-cache-dir a", "pip install -r requirements.txt", "python -m pip install .",
    "pip cache purge", "pip --no-cache-dir download b", "pip install --cache-dir=/c a", "pip config set global.no-cache-dir true",
    "pip install --no-cache-di a", "pip uninstall -y a", "pip wheel . -w /w", "/opt/venv/bin/pip install a",
    "apt-get update", "apt-get install -y a", "apt-get clean", "apt install a", "npm ci", "npm install -g a",
    "npm cache clean --force", "uv pip install --system a", "uv sync", "uv cache clean",
])  # fmt: skip
_PLAIN = st.sampled_from([
    "rm -rf /root/.cache", "rm -rf ~/.cache/pip", "rm -rf /var/lib/apt/lists/*", "rm -r $HOME/.cache", "find / -delete",
    "cd /app", "cd $A", "export A=b", "export PIP_NO_CACHE_DIR=1", "unset A", "A=b", "set -e", "set -ex", "true", "false",
    "echo a", "useradd -m app", "adduser --disabled-password app", "test -d /root/.cache", "mkdir -p /a", "exit 1",
    "local a=b", "readonly A=1", "source /a", ". ./a", "umask 022", "trap 'a' EXIT", "HOME=/h", "shift", "wait", ":",
    "printf '[global]\\nno-cache-dir = true\\n' > /etc/pip.conf", "chown -R a /root/.cache", "a $(b) `c`", "a \"$@\" ${A[@]}",
])  # fmt: skip
_WORDS = st.sampled_from([
    "a", "-r", "--b=c", "$A", "${A}", "${A:-b}", "${A:?}", "${#A}", "${A%%b}", "${A//b/c}", "$1", "$@", "$$", '"$A"', "'b c'",
    '"b c"', "{a,b}", "{1..9}", "*", "~", "~/.cache", "\\ ", "$((1+2))", "$'\\n'", ">", ">/dev/null", "2>&1", "< a", "<<<b",
    "#", "[", "]", "!", "=", "é", "\udcff", "\u202e", "\x1b[2J", "&", "(", ")", "{", "}", "$(", "`", "'", '"', "\\", "",
])  # fmt: skip
_SIMPLE = st.one_of(_TOOLS, _TOOLS, _PLAIN, st.lists(_WORDS, min_size=1, max_size=4).map(" ".join))
_WRAPPERS = st.sampled_from([
    "sudo {}", "sudo -E -u app {}", "env A=b {}", "env -i {}", "A=b {}", "time {}", "exec {}", "nice -n 5 {}", "xargs {}",
    "! {}", "eval {}", "eval '{}'", "sh -c '{}'", 'bash -lc "{}"', "su app -c '{}'", "command {}", "nohup {} &", "{} > /dev/null",
    "({})", "{{ {}; }}", "$({})", "`{}`", "echo $({})", 'echo "$({})"', "A=$({})", "if {}; then a; fi", "if a; then {}; fi",
    "if a; then b; else {}; fi", "[ -d /a ] && {}", "while {}; do a; done", "for a in b c; do {}; done", "until a; do {}; done",
    "case $A in a) {};; *) b;; esac", "f() {{ {}; }}; f", "f() {{ {}; f; }}; f", "cat <<E | sh\n{}\nE", "bash <<< '{}'",
    "parallel {} ::: a", "find . -exec {} \\;", "set -- a; {}", "cd /a && {}", "timeout 5 {}", "gosu app {}", "chroot / {}",
])  # fmt: skip


def _fill(pair: tuple[str, str]) -> str:
    wrapper, inner = pair
    return wrapper.format(inner)


_JOINERS = st.sampled_from(
    [" && ", " || ", "; ", " | ", " & ", " \\\n && ", " && \\\n    ", "; \\\n# a comment\n", "\n"]
)
SCRIPTS = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.tuples(_WRAPPERS, inner).map(_fill),
        st.tuples(_JOINERS, st.lists(inner, min_size=2, max_size=4)).map(lambda pair: pair[0].join(pair[1])),
    ),
    max_leaves=8,
)
"""What a RUN's shell reads: commands of tools in whatever a shell can put around them, not always closed."""

_FLAGS = st.sampled_from([
    "", "", "", "--mount=type=cache,target=/root/.cache/pip ", "--mount=type=cache,target=$A ", "--network=none ", "--wrong ",
    "--mount=type=bind,source=../..,target=/etc ", "--mount=type=tmpfs,dst=/root/.cache ", "--mount=", '--mount="a ',
    "--mount=type=cache,target=/root/.cache/pip,uid=1000 \\\n    ",
])  # fmt: skip


def _exec_form(script: str) -> str:
    quoted = script.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'["sh", "-c", "{quoted}"]'


_RUNS = st.tuples(
    st.sampled_from(["RUN {flags}{script}\n", "RUN {flags}{exec}\n", "RUN {flags}<<E\n{script}\nE\n", "ONBUILD RUN {script}\n",
                     "RUN {flags}<<-'E' bash\n\t{script}\n\tE\n", "run {script}\n", "RUN\t{flags}{script} \\\n\n\n"]),
    _FLAGS,
    SCRIPTS,
).map(lambda parts: parts[0].format(flags=parts[1], script=parts[2], exec=_exec_form(parts[2])))  # fmt: skip
_OTHERS = st.sampled_from([
    "ENV PIP_NO_CACHE_DIR=1\n", "ENV A=b C=d\n", "ENV A $A$A\n", "ENV PIP_NO_CACHE_DIR=\n", "ENV HOME=/h\n", "ARG A\n", "ARG A=b\n",
    "USER app\n", "USER 1000:1000\n", "USER $A\n", "WORKDIR /a\n", "WORKDIR ../../b\n", 'SHELL ["/bin/bash", "-c"]\n',
    'SHELL ["powershell"]\n', "SHELL bash\n", "COPY . .\n", "COPY --from=b /root/.cache /root/.cache\n", "COPY --from=0 / /\n",
    "COPY pip.conf /etc/pip.conf\n", "COPY ../../etc/passwd /etc/pip.conf\n", "COPY <<E /etc/pip.conf\n[global]\nno-cache-dir=1\nE\n",
    "ADD https://example.org/pip.conf /etc/pip.conf\n", "CMD a\n", 'ENTRYPOINT ["a"]\n', "VOLUME /root/.cache\n", "EXPOSE 80\n",
    "# layerlint: ignore=PIP001\n", "# layerlint: ignore-file=PIP\n", "# hadolint ignore=DL3042\n", "# a comment\n", "\n",
    "HEALTHCHECK CMD pip install a\n", "LABEL a=b\n", "ONBUILD ENV A=b\n", "STOPSIGNAL 9\n", "MAINTAINER a\n", "WRONG a\n",
])  # fmt: skip
_FROMS = st.sampled_from([
    "FROM python:3.12\n", "FROM python:3.12-slim AS b\n", "FROM b\n", "FROM b AS c\n", "FROM scratch\n", "FROM $A\n",
    "FROM --platform=linux/amd64 debian AS b\n", "FROM node:20\n", "FROM ghcr.io/astral-sh/uv:python3.12\n", "FROM\n", "FROM a AS\n",
])  # fmt: skip
_STAGES = st.tuples(_FROMS, st.lists(st.one_of(_RUNS, _RUNS, _OTHERS), max_size=5)).map(
    lambda parts: parts[0] + "".join(parts[1])
)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


LIKELY = (
    st.tuples(HEADS, st.lists(_STAGES, min_size=1, max_size=3))
    .map(lambda parts: parts[0] + "".join(parts[1]))
    .map(_encode)
)
"""Files such as people write."""

_ODD_LINES = st.tuples(HEADS, LINES).map(lambda parts: _encode(parts[0] + "".join(parts[1])))

Random = random.Random
Mutation = Callable[[bytes, Random], bytes]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _of_lines(change: Callable[[list[bytes], Random], None]) -> Mutation:
    def mutation(data: bytes, random: Random) -> bytes:
        lines = data.splitlines(keepends=True)
        change(lines, random)
        return b"".join(lines)

    return mutation


def _double(lines: list[bytes], random: Random) -> None:
    at = random.randrange(len(lines))
    lines.insert(at, lines[at])


def _drop(lines: list[bytes], random: Random) -> None:
    del lines[random.randrange(len(lines))]


def _swap(lines: list[bytes], random: Random) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


_INSERTED = (
    b"\0", b"\r", b"\r\n", b"\n", b"\\\n", b"'", b'"', b"`", b"$(", b")", b"${", b"}", b"<<E", b"<<-E\n", b"\nE\n", b"#", b" && ",
    b";", b"|", b"\xff", b"\xc2", b"\xef\xbb\xbf", b"\x1b[2J", "\u202e".encode(), "\u2028".encode(), b"\\", b"[", b'["', b"]", b"\t",
    b"ONBUILD ", b"FROM a\n", b"# escape=`\n", b"sh -c '", b"eval ", b"if ", b"then ", b"fi;", b"for ", b"do ", b"done;", b"{", b"case ",
)  # fmt: skip


def _insert(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_INSERTED) + data[at:]


MUTATIONS: Sequence[Mutation] = (_cut, _of_lines(_double), _of_lines(_drop), _of_lines(_swap), _flip, _insert)


def mutated(data: bytes, random: Random) -> bytes:
    """`data` with a few accidents that happen to files."""
    for _ in range(random.randint(1, 3)):
        if data:
            data = random.choice(MUTATIONS)(data, random)
    return data


_BROKEN = st.tuples(LIKELY, st.integers(0, 2**32)).map(lambda parts: mutated(parts[0], random.Random(parts[1])))
_REPEATED = st.tuples(
    st.sampled_from(["", "FROM a\n", "FROM a\nRUN pip install a ", "FROM a\nENV A=", "FROM a\nRUN <<E\n"]),
    st.sampled_from([
        "$(", "`", "${A:-", "{a,", "{a,b}", "(", "((", "{ ", "if a; then ", "sh -c '", 'sh -c "', "eval ", "sudo ", "env A=b ", "'", '"',
        "\\", "\\\n", "<<E ", "<<E\n", "A=$A$A ", "f() { ", "f; ", "a | ", "a && ", "! ", "case a in a) ", "$((", "[", '["a",', "\n", "#\n",
        "ONBUILD ", "FROM a\n", "--a=b ", "é", "\t", "COPY --from=a a b\n", "ARG A=$A\n", "rm -rf /root/.cache; ", "pip install a; ", "$A",
        "~", "*", "a=(", "a[", "$[", "<(", ">(", "&", ";;", "# layerlint: ignore=PIP001\n", "\0", "\r", "\x1b", "\udcff", "while a; do ",
    ]),
    st.integers(1, 400),
    st.sampled_from(["", "\n", " pip install a\n", "\nE\nRUN pip install a\n"]),
).map(lambda parts: _encode(parts[0] + parts[1] * parts[2] + parts[3]))  # fmt: skip
DOCKERFILES = st.one_of(LIKELY, LIKELY, _BROKEN, _ODD_LINES, _REPEATED, st.binary(max_size=60))
"""All of them; bytes."""

RUNS = st.tuples(
    st.sampled_from(["FROM python:3.12\n", "FROM a\nENV A=b\n"]), st.lists(_RUNS, min_size=1, max_size=2)
).map(lambda parts: _encode(parts[0] + "".join(parts[1])))
"""Small files that are all RUN."""
