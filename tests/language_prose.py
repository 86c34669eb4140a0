"""What the pages on the languages of rules and tools say that no class does."""

from __future__ import annotations

RULES = """\
# How rules are written

The keys of a rule file, from the classes that it is read into. `layerlint rules new ABC001` writes a rule to start
from; an editor that knows JSON Schema completes the keys.

The option `--rules` and `rules` in the configuration take files of four kinds, or folders of such files. A key tells
which it is: rules (`id`), [package managers](tool-language.md) (`tool`),
[programs](tool-language.md#other-programs) (`wrappers`, `removers`, `accounts`) and
[images](tool-language.md#images) (`images`). `layerlint rules test PATH...` runs the examples of rules; the package
managers that they speak of must come with layerlint, be among the paths, or be named with `--rules` or in the
configuration.
"""

COMMANDS = """\
What a shell does itself is no command here: `cd`, `export`, `set`, `eval`, `exec`, `source`, `true` and the like change
what later commands get, and are read for that. `test`, `echo` and `printf` are commands."""

TEXTS = """\
Of a version, parts that are not written are zero: `"<3.11"` holds for the tag `3` as for `3.10-slim`, and not for
`latest`, which begins with no number. A regular expression may begin with `(?i)` and have groups `( )` and `(?: )`,
`|`, `.`, classes, `* + ? {m,n}` and their reluctant forms, `^ $ \\A \\Z`, and `\\d \\s \\w` with their opposites; what
else Python has is refused when the rule is read."""

INSTRUCTIONS = """\
Of here-documents `value` has only the words that begin them (`<<EOF`)."""

PLACES = {
    "command": "the program or, of a tool, the tool and its subcommand",
    "setting": "the option or the variable that turned the cache off",
    "mount": "the flag of a mount: the one asked for or, of a cache, the one that covers its directory",
    "missed-mount": "the flag of a cache mount that looks as if it were meant for the cache, and misses it",
    "variable": "where the variable that is asked for is set",
    "option": "the option that is asked for; replaced or taken out, it goes with its value",
    "removal": "of a removal, the word that names what is removed; of a use, the command that removes it too late",
    "copy": "the COPY that takes the cache into the image",
    "needed-by": "what needs the content of the cache in a later RUN",
    "argument": "the argument that is asked for",
    "wrapper": "the program that starts the command, where it is asked for",
    "keyword": "the first word of an instruction",
    "flag": "the flag that is asked for",
    "value": "all that follows the flags",
    "instruction": "all of an instruction",
    "base": "what FROM names",
    "stage-name": "what stands behind AS",
}

NAMES = {
    "base": "what FROM names, with variables replaced",
    "image": "its name without tag and digest",
    "tag": "its tag, empty if there is none",
    "digest": "its digest, empty if there is none",
    "stage": "what the stage is called, empty if it has no name",
    "instruction": "the keyword of the instruction",
    "value": "all that follows its flags, as one line; of here-documents only the words that begin them (`<<EOF`)",
    "flag": "the flag that is asked for, as it is written",
    "exec-form": "the words of the shell form as JSON, where no shell is needed for them",
    "mount": "the target of the mount that is asked for; empty if it names none, as a secret may",
    "command": "the program's name or, of a tool, the tool and its subcommand",
    "option": "the name of the option that is asked for, without its value",
    "argument": "the argument that is asked for",
    "wrapper": "the program that starts the command, where it is asked for",
    "user": "who runs the command",
    "suppression": "what is wrong with the comment, in words",
}

NAMES_OF_CACHES = {
    "command": "the tool and its subcommand",
    "directory": "where the cache is",
    "cache": "the `title` of the cache",
    "user": "who runs the command",
    "owner": "whose home the cache is in, when root uses another user's",
    "mount": "the target of the mount that covers the cache, or misses it",
    "variable": "the variable that is asked for, or that says the setting",
    "value": "what the setting says that turned the cache off",
    "setting": "the option that turned it off, or the variable or key as `NAME=value`",
    "option": "the name of the option that is asked for",
    "removal": "the path that is removed, or the command that removes or empties",
    "program": "the program as the command calls it, with its path",
    "command-line": "the command with all its words, what starts it (`sudo`) taken off",
    "needed-by": "what needs the content of the cache in a later RUN; needs `needed: [later]` in the condition",
}

TOOLS = """\
# How a package manager is described

All that layerlint knows of package managers is in files like these: which words of a command are options, what fills a
cache, where it is, what keeps it out. A rule in a second file says what is reported, and how it is mended.
[Those that come with layerlint](../rules) are such files as well.

This one is of a package manager that there is not:

```yaml
# parcel.yaml
tool: parcel
names: [parcel, "parcel[0-9]"] # globs for the program's name
options:
  switches: [-q, --quiet, --no-store]
  values: [--store] # these take the next word, or what follows "="
caches:
  - title: parcel's store
    filled-by:
      - subcommand: [get]
    at: # the first that applies says where it is
      - option: --store
      - environment: PARCEL_STORE
      - home: .parcel/store
    off-by:
      - option: --no-store
      - environment: PARCEL_NO_STORE
    emptied-by:
      - subcommand: [clean]
```

```yaml
# PRC001.yaml
id: PRC001
name: parcel-store-in-layer
severity: warning
summary: parcel's store stays in a layer of the image
message: "`{command}` leaves {cache} in this layer, in {directory}"
advice: Add `--no-store`, or mount a cache at {directory}.
note: |
  What the store holds is unpacked elsewhere, and nothing in the image needs it.
when: {tool: parcel, cache: [left]}
fixes:
  - title: Add --no-store
    safety: safe
    insert-option: --no-store
  - title: Put PARCEL_NO_STORE=1 into the environment
    safety: safe
    set-environment: PARCEL_NO_STORE=1
  - title: Mount a cache at {directory}
    safety: unsafe
    add-mount: {}
examples:
  - reports: |
      FROM debian:13-slim
      RUN parcel get box
    at: "2:5"
    fixed: |
      FROM debian:13-slim
      RUN parcel get --no-store box
    fixed-mount: |
      FROM debian:13-slim
      RUN --mount=type=cache,target=/root/.parcel/store \\
          parcel get box
    fixed-env: |
      FROM debian:13-slim
      ENV PARCEL_NO_STORE=1
      RUN parcel get box
  - silent: it is emptied before the layer closes
    dockerfile: |
      FROM debian:13-slim
      RUN parcel get box && parcel clean
  - silent: a cache mount covers the directory
    dockerfile: |
      FROM debian:13-slim
      ENV PARCEL_STORE=/store
      RUN --mount=type=cache,target=/store parcel get box
```

Both go where `--rules` and `rules` in the configuration look; the examples are run with both:

```sh
layerlint rules test parcel.yaml PRC001.yaml
layerlint check --rules parcel.yaml --rules PRC001.yaml
```

What one needs to know:

- The subcommand is the first word that is no option and no option's value. An option that is not listed is taken for a
  switch, so that all that take a value must be listed. Where a subcommand has other options than the rest,
  `subcommands` says so.
- A use of the cache is found where `filled-by` holds. Its directory is that of the first place in `at` that applies;
  what becomes of it, `off-by`, the mounts, and the rest of the RUN say: `rm`, or what is in `emptied-by`.
- `insert-option` is offered with `--fix-with flag`, `set-environment` with `env`, `add-mount` with `mount`. With `env`,
  `insert-option` stands in for a `set-environment` that there is none of.
- Say in a comment where each fact is from: the tool's source, or a version that you tried it with.

## Other programs

What starts other programs, removes files or makes users, is described in a file with one or more of these keys:

```yaml
# programs.yaml
wrappers: # as-builder [-u USER] COMMAND...
  - {names: [as-builder], user: [-u], default-user: builder, sets-home: true}
removers: # wipe -r PATH...
  - {names: [wipe], needs: [-r]}
accounts: # mkuser [--home DIRECTORY] [--id NUMBER] NAME
  - {names: [mkuser], home: [--home], number: [--id], makes-home-without: [--no-home]}
```

## Images

What a base image brings that no Dockerfile says; the configuration's key `images` takes the same list.

```yaml
# images.yaml
images:
  - names: ["registry.example/team/*"]
    user: app
    home: /home/app
    environment: {PARCEL_STORE: /srv/store}
    source: its Dockerfile, of 2026
```
"""
