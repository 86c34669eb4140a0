"""Package managers that nobody has heard of, and their rules, as files."""

from __future__ import annotations

from pathlib import Path

from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet

TOOL = """\
tool: parcel
names: [parcel, parcelx, parcelclean]
groups: [store]
before-subcommand: ["@*"]
passes-on: [run, parcelx]
wrappers:
  - {names: [parcel], subcommands: [run], is-command: true, values: [--from]}
options:
  switches: [-q, --quiet, --no-store, --force, --offline, --new, --old, --here, --version]
  values: [--store, --mode]
subcommands:
  get: {values: [--version]}
no-work: [--version]
config:
  form: lines
  files:
    - {home: .parcelrc, scope: user}
    - {here: .parcelrc}
  written-by: {set-by: [subcommand: [set]], default-scope: user}
caches:
  - name: crates
    title: parcel's crates
    filled-by:
      - {subcommand: [get, run], without-option: [--mode=dry]}
      - {program: [parcelx]}
    at:
      - option: --store
      - environment: PARCEL_STORE
      - config: store
      - {path: /srv/parcel, if-there: /etc/parcel/shared}
      - {path: /var/parcel, user: root, other-versions-at: [/opt/parcel]}
      - home: .parcel
    parts: [new, "old/*.crate"]
    off-by:
      - option: --no-store
      - {environment: PARCEL_OFF, values: ["yes"], on-values: ["no"], empty-aborts: true}
      - config: off
      - file: /etc/parcel/off
      - file: off.parcel
    emptied-by:
      - {subcommand: [store clean], with-option: [--force], no-arguments: true}
      - {subcommand: [store trim], with-option: [--new], parts: [new]}
      - {subcommand: [store trim], with-option: [--old], parts: ["old/*.crate"]}
      - {subcommand: [store trim], with-option: [--force]}
      - {program: [parcelclean]}
    spared-by: [{subcommand: [store clean]}]
    needs: write
  - name: index
    title: parcel's index
    filled-by: [{subcommand: [look]}]
    completed-by: [{subcommand: [see]}]
    at:
      - {option: --here, here: here/index}
      - {environment: PARCEL_HERE, here: here/index}
      - path: /var/*/index
        other-versions-at: [~/.index, /opt/index]
  - name: mirror
    title: parcel's mirror
    filled-by: [{subcommand: [look]}]
    completed-by: [{subcommand: [see]}]
    source-of: index
    at: [{environment: PARCEL_MIRROR, other-versions-at: [../old-mirror]}]
  - name: tools
    title: parcel's tools
    filled-by: [{subcommand: [equip]}]
    completed-by: [{subcommand: [do]}]
    kept-elsewhere: true
    at: [path: /var/tools]
    off-by: [{environment: PARCEL_NO_TOOLS, values: ["1"]}]
"""
SECOND_TOOL = """\
tool: crate
names: [crate]
options:
  switches: [--plain]
  values: [--pass]
config:
  form: toml
  files: [{home: .crate.toml, scope: user}]
  sections: ["", crates]
  written-by: {set-by: [subcommand: [set]], default-scope: user}
caches:
  - title: crate's crates
    filled-by: [{subcommand: [get]}]
    at:
      - {prefix: store, prefix-named: ["*crate*"]}
      - home: .crate
    off-by:
      - {option: --pass, words: [--no-store, -n]}
      - {environment: CRATE_AWAY, values: ["yes"], on-values: ["no"], independent: true}
      - {config: off, values: ["true"], on-values: ["false"]}
    parts: [new, old]
"""
SECOND_RULE = """\
id: CRT001
name: crate-cache-in-layer
severity: warning
summary: crate's crates stay in a layer
message: "`{command}` leaves {cache} in {directory}"
advice: Mount both folders.
note: |
  They make it bigger.
cases:
  - when: {tool: crate, cache: [left], option: [--plain, --pass=x]}
    message: "{option} is given"
    at: option
  - when: {tool: crate, cache: [left], variable: {names: [CRATE], values: ["yes"]}}
    message: "{variable} says yes"
  - when: {tool: crate, cache: [left]}
fixes:
  - title: Empty it
    safety: safe
    append-command: "{program} tidy {directory}/new"
  - title: Mount both
    safety: safe
    add-mount: {target: ["{directory}/new", "{directory}/old"]}
"""
RULE = """\
id: PRC001
name: parcel-cache-in-layer
severity: warning
summary: parcel's crates stay in a layer
message: "`{command}` leaves {cache} in {directory}"
advice: Add `--no-store`.
note: |
  They make it bigger.
when: {tool: parcel, cache-name: crates, cache: [left]}
fixes:
  - title: Add --no-store
    safety: safe
    insert-option: --no-store
  - title: Mount a cache at {directory}
    safety: unsafe
    add-mount: {}
"""
LATE_RULE = """\
id: PRC002
name: parcel-cache-removed-late
severity: warning
summary: parcel's crates are removed in a later layer
message: "`{removal}` is too late"
advice: Do it in the RUN that fills it.
note: |
  The layer below keeps them.
when: {tool: parcel, removal: [late]}
at: removal
"""


def new_tool_rules(folder: Path) -> RuleSet:
    """The shipped rules and those of the new tools, from files in `folder`."""
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "rule.yaml").write_text(RULE)
    (folder / "late-rule.yaml").write_text(LATE_RULE)
    (folder / "second-tool.yaml").write_text(SECOND_TOOL)
    (folder / "second-rule.yaml").write_text(SECOND_RULE)
    images = "images: [{names: [quiet], files: {/etc/parcel/off: null}}]\n"
    (folder / "images.yaml").write_text(images)
    return load([folder])
