"""Rule files that are wrong, and what is said of each: `python -m tests.rules.bad_rules` writes `bad_rules.txt`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layerlint.errors import UserError
from layerlint.rules.loading import load, shipped_folder

GOLDEN = Path(__file__).with_suffix(".txt")
SHIPPED = shipped_folder()

RULE = """\
id: ABC001
name: a-rule
severity: warning
summary: a summary
message: "`{command}` has {option}"
advice: Take it out.
note: |
  Why it matters.
when:
  command: {name: make, option: -k}
  stage: {tag: {glob: "3.*"}}
at: option
fixes:
  - title: Take {option} out
    safety: safe
    remove: option
examples:
  - reports: |
      FROM a:3.1
      RUN make -k
    at: "2:10"
"""
FIXED = RULE + "    fixed: FROM a\n"
CACHE_RULE = """\
id: ABC001
name: a-rule
severity: warning
summary: a summary
message: "`{command}` fills {directory}"
advice: Take it out.
note: |
  Why it matters.
when: {tool: pip, cache: [left]}
fixes:
  - {title: Add it, safety: safe, insert-option: --no-cache-dir}
"""
INSERTED = "insert-option: --no-cache-dir"
REMOVAL_RULE = CACHE_RULE[: CACHE_RULE.index("fixes:")].replace("{tool: pip, cache: [left]}", "{removal: [late]}")
TOOL = """\
tool: parcel
names: [parcel]
groups: [store]
options: {switches: [-q, --no-store, --offline], values: [--store]}
config:
  files: [{home: .parcelrc, scope: user}]
  written-by: {set-by: [{subcommand: [store set]}], default-scope: user, scopes: {-q: user}}
caches:
  - title: parcel's crates
    filled-by: [{subcommand: [get], without-option: [--offline]}]
    at: [{option: --store}, {environment: PARCEL_STORE}, {home: .parcel}, {path: /var/parcel}]
    off-by: [{option: --no-store}]
"""


class BadRule(NamedTuple):
    """A file that is as `base` but for `new` in the place of `old`; the rest of it is right."""

    name: str
    base: str
    old: str
    new: str

    @property
    def text(self) -> str:
        if self.old not in self.base:
            raise ValueError(self.name)
        return self.base.replace(self.old, self.new, 1)


WHEN = "  command: {name: make, option: -k}\n"


def _rule(name: str, old: str, new: str) -> BadRule:
    return BadRule(name, RULE, old, new)


def _when(name: str, new: str) -> BadRule:
    """A rule with another condition, and without what goes with the one that it had."""
    rest = RULE[RULE.index("when:") :]
    plain = RULE.replace("`{command}` has {option}", "-").replace(rest, "when:\n@")
    return BadRule(name, plain, "@", f"  {new}\n")


BAD_RULES = (
    # What a file is
    _rule("not YAML", "severity: warning", "severity: [warning"),
    _rule("no rule at all", "id: ABC001", "ident: ABC001"),
    _rule("a list", RULE, "- id: ABC001\n"),
    _rule("nothing", RULE, ""),
    _rule("a key twice", "name: a-rule", "name: a-rule\nname: b-rule"),
    _rule("a key twice, and other mistakes", "name: a-rule", "name: a-rule\nname: b rule\nsumary: a"),
    _rule("a key twice in no rule", "id: ABC001", "ident: a\nident: b"),
    _rule("an anchor", "severity: warning", "severity: &severity warning"),
    _rule("a tag", "severity: warning", "severity: !!str warning"),
    # The keys of a rule
    _rule("no message", 'message: "`{command}` has {option}"\n', ""),
    _rule("a key that is misspelt", "summary:", "sumary:"),
    _rule("an id that is none", "id: ABC001", "id: abc-1"),
    _rule("an id that a shipped rule has", "id: ABC001", "id: PIP001"),
    _rule("a name that a shipped rule has", "name: a-rule", "name: pip-cache-in-layer"),
    _rule("a name of several words", "name: a-rule", "name: Bad One"),
    _rule("a name of nothing", "name: a-rule", 'name: ""'),
    _rule("aliases that other rules have", "name: a-rule", "name: a-rule\naliases: [abc001, DL3042, PIP002]"),
    _rule("no text", RULE[RULE.index("summary:") : RULE.index("advice:")], 'summary: ""\nmessage: " "\n'),
    _rule("a severity that there is not", "severity: warning", "severity: warn"),
    _rule("a number for a text", "summary: a summary", "summary: 5"),
    _rule("text for true or false", "severity: warning", 'severity: warning\ndefault: "no"'),
    _rule("text for a list", "severity: warning", "severity: warning\naliases: DL3042"),
    _rule("a place that there is not", "at: option", "at: optoin"),
    _rule("neither when nor cases", RULE[RULE.index("when:") : RULE.index("at:")], ""),
    # Names in texts
    _rule("a name that is misspelt", "{command}", "{comand}"),
    _rule("a name that only a cache has", "{command}", "{directory}"),
    _rule("a name in the title of a fix", "Take {option} out", "Take {opt} out"),
    _rule("a name of what is not asked for", "{option}", "{wrapper}"),
    _rule("a name of a mount that is not asked for", "{option}", "{mount}"),
    _rule("a name of a flag that is not asked for", "{option}", "{flag}"),
    BadRule("a name that a removal does not have", REMOVAL_RULE, "{directory}", "{owner} {variable} {setting}"),
    BadRule("an option that is not asked of a use", CACHE_RULE, "{directory}", "{option}"),
    # Conditions
    _rule("a part that there is not", "  command: {", "  comand: {"),
    _rule("a question that there is not", "option: -k", "optn: -k"),
    _rule("a question about another part", "{tag: {glob", "{keyword: {glob"),
    _when("nothing is asked", "command: {}"),
    _when("only not", "not: {command: {name: make}}"),
    _when("a condition without keys", "{command: {name: make}, any: [{}]}"),
    _when("a mapping for a list", "{command: {name: make}, any: {stage: {last: true}}}"),
    _when("two things at once", "{cache: [left], removal: [late]}"),
    _when("a number for a text in a condition", "command: {name: 5}"),
    _when("a number in a list", "command: {name: [make, 5]}"),
    _when("a comparison that there is not", "stage: {tag: {prefix: a}}"),
    _when("a comparison without anything", "stage: {tag: {}}"),
    _when("a regular expression that is broken", "stage: {tag: {regex: '(a'}}"),
    _when("a regular expression that looks ahead", "stage: {tag: {regex: '^(?!latest)'}}"),
    _when("a regular expression that refers back", "stage: {tag: {not: {regex: '(a)\\1'}}}"),
    _when("a regular expression that is too large", "stage: {tag: {regex: '((a{99}){99}){99}'}}"),
    _when("a range of versions that is none", "stage: {tag: {version: '~3.9'}}"),
    _when("a range of versions of the tool that is none", "{cache: [left], version: new}"),
    _when("an instruction that there is not", "instruction: {keyword: WORKDRI}"),
    _when("an instruction in small letters", "instruction: {keyword: [RUN, copy]}"),
    _when("a flag without dashes", "instruction: {keyword: COPY, flag: from}"),
    _when("an option without dashes", "command: {option: [-y, y]}"),
    _when("a count that is no number", "instruction: {keyword: CMD, count: many}"),
    _when("a form that there is not", "instruction: {form: json}"),
    _when("a mount that there is not", "mount: {type: cahce}"),
    _when("a tool that there is not", "command: {tool: pipp}"),
    _when("a tool that there is not, inside of not", "command: {name: make, tool: {not: [pip, pipp]}}"),
    _when("a subcommand of no tool", "command: {name: make, subcommand: install}"),
    _when("a variable without a name", "{stage: {last: true}, environment: {value: a}}"),
    _when("a mistake inside of not", "{stage: {last: true}, not: {any: [{stage: {tagg: a}}]}}"),
    _when(
        "what is asked of a cache in a rule about a command",
        "{command: {name: curl}, tool: npm, mounted: true, in-image: false, cache-name: nonsense, purpose: empties}",
    ),
    _when("what is asked of a cache in a rule about an instruction", "{instruction: {keyword: RUN}, late: false}"),
    _when("what is asked of a use of a cache in a rule about a removal", "{tool: pip, removal: [late], mounted: true}"),
    _when("what is asked of other things than a comment", "{suppression: unused, tool: pip, stage: {last: true}}"),
    _when("nothing for a name", '{command: {name: "", wrapper: "", user: ""}, environment: {name: ""}}'),
    _when("a program with its path", "command: {name: /usr/bin/make, wrapper: [/bin/sudo]}"),
    _when("a list of nothing", "{command: {name: [], option: []}, stage: {tag: {not: []}}}"),
    _when("a glob that is none", "command: {name: {glob: [make, 'cu[rl']}}"),
    _when("a long glob, and many", f"command: {{name: {{glob: '{'*a' * 501}'}}, option: {{glob: {['-*'] * 1001}}}}}"),
    _when("a range without a version", "{stage: {tag: {version: '>1, <1'}}, not: {stage: {tag: {version: <0}}}}"),
    _when("what the shell does itself", "{command: {name: [cd, .]}, not: {command: {name: cd, wrapper: sudo}}}"),
    _when("a variable with a dollar in a condition", "{command: {name: make}, environment: {name: $HOME}}"),
    _when("a variable with a dollar in one about caches", "{cache: [left], variable: {names: [PATH, '${HOME}']}}"),
    _when("options without dashes in one about caches", "{cache: [left], option: [y], unknown-option: [no*, '*[a']}"),
    _rule("a key without a value", "{name: make, option", "{name: , option"),
    _when("a part without a value", "{command: {name: make}, not: , stage: null}"),
    _when("a word of a list without a value", "{command: {name: make}, instruction: {form: }}"),
    _when("a part of which nothing is asked", "{command: {name: make}, stage: {}, any: [{command: {}}, {mount: {}}]}"),
    # Places and fixes
    _rule("a place of caches", "at: option", "at: missed-mount"),
    _rule("a place that is not asked for", "at: option", "at: argument"),
    _rule("a fix without an action", "    remove: option\n", ""),
    _rule("a fix with two actions", "remove: option", "remove: option\n    insert-option: -y"),
    _rule("a fix that needs a cache", "remove: option", "add-mount: {}"),
    _rule("a command to append without a cache", "remove: option", "append-command: make clean"),
    BadRule("a fix for a removal", CACHE_RULE, "cache: [left]}", "removal: [late]}"),
    BadRule("a fix for a comment", CACHE_RULE, "{tool: pip, cache: [left]}", "{suppression: unused}"),
    _rule("a fix for a version where there is no cache", "remove: option", "remove: option\n    version: '>=3'"),
    _rule("a safety that there is not", "safety: safe", "safety: sure"),
    _rule("an option that is two words", "remove: option", "insert-option: -y -q"),
    _rule("a place that cannot be taken out", "remove: option", "remove: base"),
    _rule("a place to replace", "remove: option", "replace: {place: file, by: a}"),
    BadRule("a fix without a command", RULE, WHEN, "  instruction: {keyword: ADD}\n"),
    BadRule(
        "an option for no command",
        RULE.replace("remove: option", "insert-option: -y").replace("at: option", "at: instruction"),
        WHEN,
        "  instruction: {keyword: ADD}\n",
    ),
    # Examples
    _rule("an example without a place", '    at: "2:10"\n', ""),
    _rule("a place that is none", '"2:10"', '"5"'),
    _rule("a place behind the end", '"2:10"', '"3:5"'),
    _rule("reported and silent", '    at: "2:10"', '    at: "2:10"\n    silent: no'),
    BadRule("a fix that nothing makes", FIXED, FIXED[FIXED.index("fixes:") : FIXED.index("examples:")], ""),
    # Caches and tools
    BadRule("a verdict that there is not", CACHE_RULE, "[left]", "[lost]"),
    BadRule("an unknown tool", CACHE_RULE, "tool: pip", "tool: pop"),
    BadRule("completed by two words", CACHE_RULE, "insert-option: --no-cache-dir", "complete-with: -f -f"),
    BadRule("a variable that cannot be set", CACHE_RULE, "insert-option: --no-cache-dir", "set-environment: A B"),
    BadRule("a tool that is there", TOOL, "tool: parcel", "tool: pip"),
    BadRule("a tool without caches' places", TOOL, "{home: .parcel}", "{below: a}"),
    BadRule("a switch without a name", TOOL, "{option: --no-store}", "{}"),
    BadRule("options in a list", TOOL, "{switches: [-q, --no-store, --offline], values: [--store]}", "[-q]"),
    BadRule("a program that is another tool's", TOOL, "names: [parcel]", "names: [parcel, pip]"),
    BadRule("a program that another tool has a glob for", TOOL, "names: [parcel]", "names: [pip3]"),
    BadRule("a glob that is for another tool's program", TOOL, "names: [parcel]", 'names: ["apt-*"]'),
    BadRule("a tool without programs", TOOL, "[parcel]", "[]"),
    BadRule("a program with its path, and a glob that is none", TOOL, "[parcel]", '[/usr/bin/parcel, "parcel[", ""]'),
    BadRule("options without dashes in a tool", TOOL, "{switches: [-q, ", "{switches: [q, no-cache, "),
    BadRule("an option for the directory that is misspelt", TOOL, "{option: --store}", "{option: --stroe}"),
    BadRule("an option for the directory without a value", TOOL, "{option: --store}", "{option: --offline}"),
    BadRule("an option without dashes that turns a cache off", TOOL, "{option: --no-store}", "{option: no-store}"),
    BadRule("options that the tool does not know", TOOL, "[--offline]}", '[--ofline, --zork=1, "--zork*2"]}'),
    BadRule("a home with the home directory", TOOL, "{home: .parcel}", "{home: /root/.parcel/cache}"),
    BadRule("a path that is not absolute", TOOL, "{path: /var/parcel}", "{path: var/parcel}"),
    BadRule("a path in the home directory", TOOL, "{path: /var/parcel}", "{path: ~/.parcel}"),
    BadRule("a variable with a dollar", TOOL, "PARCEL_STORE", "$PARCEL_STORE"),
    BadRule("what is below a variable, with a slash", TOOL, "PARCEL_STORE", "PARCEL_STORE, below: /crates"),
    BadRule(
        "a file instead of another, with a dollar", TOOL, "scope: user}]", "scope: user, unless-file-of: [$PARCEL_RC]}]"
    ),
    BadRule(
        "an option that a variable gives, and neither is right", TOOL, "config:\n",
        "given-by: {--ofline: {environment: $PARCEL_OFFLINE}}\nconfig:\n",
    ),
    BadRule("scopes that no file has", TOOL, "user, scopes: {-q: user}", "usr, scopes: {-q: all}"),
    BadRule("a group that takes arguments", TOOL, "[store set]", "[store]"),
    BadRule("a subcommand of what is no group", TOOL, "[store set]", "[stor set]"),
    BadRule("what a cache does not need", TOOL, "    off-by:", "    needs: read\n    off-by:"),
    BadRule("a program that is none of the tool's", TOOL, "{subcommand: [get]", "{program: [parcell]"),
    BadRule(
        "a part that is none of the cache's", TOOL,
        "    off-by:", "    emptied-by: [{parts: [new]}]\n    parts: [news]\n    off-by:",
    ),
    BadRule(
        "the source of a cache that the tool has not", TOOL,
        "  - title:", "  - {name: packages, title: a, filled-by: [], at: []}\n  - source-of: package\n    title:",
    ),
    BadRule(
        "two caches of one name", TOOL,
        "  - title:", "  - {name: a, title: a, filled-by: [], at: []}\n  - name: a\n    title:",
    ),
    BadRule(
        "the version of no package", TOOL,
        "caches:",
        "brought-by: [{program: [crate], version: '>=2'}, {program: [bag], package: bag, version: '2'}]\ncaches:",
    ),
    # What rules say of tools
    BadRule("a cache that the tool has not", CACHE_RULE, "tool: pip,", "tool: apt, cache-name: list,"),
    BadRule("the name of a cache that has none", CACHE_RULE, "tool: pip,", "tool: pip, cache-name: dl,"),
    BadRule("an option that the tool has not", CACHE_RULE, "cache:", "option: [--cachedir, --index-url=a], cache:"),
    BadRule("an option to insert that the tool has not", CACHE_RULE, "option: --no-cache-dir", "option: --nocache"),
    BadRule("an option to insert that leaves the cache on", CACHE_RULE, "option: --no-cache-dir", "option: --no-color"),
    BadRule("a variable that the tool has not", CACHE_RULE, INSERTED, "insert-variable: PIP_NO_CACHE=1"),
    BadRule("a variable for the stage that no tool has", CACHE_RULE, INSERTED, "set-environment: WOMBAT_OFF=1"),
    BadRule("a variable that says nothing", CACHE_RULE, INSERTED, "set-environment: PIP_NO_CACHE_DIR="),
    BadRule("a fix for versions that are none", CACHE_RULE, "safety: safe,", "safety: safe, version: '3.x',"),
    BadRule("a use by versions that are none", TOOL, "subcommand: [get]", "subcommand: [get], version: '3'"),
    # Several at once
    BadRule(
        "everything at once", RULE, RULE[: RULE.index("advice:")],
        'id: abc\nname: a-rule\nseverity: bad\nsumary: a\nmessage: "{x}"\n',
    ),
    BadRule(
        "a mistake of shape, and others in every part of the rule", RULE, RULE[: RULE.index("  stage")],
        RULE[: RULE.index("  stage")].replace("warning", "bad").replace("{option}", "{nope}").replace("make", "cd"),
    ),
    _rule("a condition that is misspelt, and what is asked for there", "option: -k", "optn: k"),

    BadRule(
        "a condition that is misspelt, and names of both kinds", RULE, RULE[RULE.index("message:") :],
        'message: "{nope} {command}"\nadvice: "{directory}"\nnote: a\nwhen: {comand: {name: cd}}\nat: mount\n',
    ),
    BadRule(
        "a fix and an example of the wrong shape, beside wrong ones", FIXED, FIXED[FIXED.index("fixes:") :],
        "fixes:\n  - {title: '{nope}', safety: sure, remove: opton}\n  - {title: '{opt}', safety: safe}\n"
        "examples:\n  - {reports: FROM a, att: '1:1'}\n  - {reports: FROM a}\n  - none\n",
    ),
    BadRule(
        "keys of a tool that are misspelt, and other mistakes", TOOL, TOOL,
        TOOL.replace("options:", "optoins:").replace("[parcel]", "[5, /bin/parcel]").replace("/var", "var")
        .replace("[store set]", "[stor set]").replace("filled-by", "filed-by"),
    ),
    BadRule(
        "everything missing that must be there", RULE, RULE,
        "# a comment\n\nid: abc\nfixes:\n  - replace:\n      by: a\n",
    ),
    BadRule(
        "several mistakes in a rule of the right shape", RULE, RULE[: RULE.index("  stage")],
        RULE[: RULE.index("  stage")].replace("ABC001", "abc").replace("{option}", "{opt}").replace("-k", "k"),
    ),
)  # fmt: skip


@cache
def said_of(bad: BadRule) -> str:
    """What is said of a file with the name `rule.yaml`, beside the rules about pip and apt that are shipped."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rule.yaml")
        path.write_text(bad.text, encoding="utf-8")
        try:
            load([SHIPPED / "pip", SHIPPED / "apt", path], shipped=False)
        except UserError as error:
            said = "\n".join(map(str, error.mistakes))
            return said.replace(path.as_posix(), "rule.yaml").replace(SHIPPED.as_posix(), "rules")
    return "nothing"


def sections() -> Iterator[str]:
    """For each file what it has, and what is said of it."""
    for bad in BAD_RULES:
        has = bad.new.strip("\n") or ("(nothing)" if bad.old == bad.base else f"(without {bad.old.strip()!r})")
        yield f"== {bad.name}\n{has}\n--\n{said_of(bad)}\n"


def main() -> None:
    GOLDEN.write_text("\n".join(sections()), encoding="utf-8")


if __name__ == "__main__":
    main()
