"""All rules and all that is known of tools, ready to be used on files."""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.caches.knowledge import Knowledge
from layerlint.caches.removal import Remover
from layerlint.image.accounts import AccountProgram
from layerlint.image.images import Image, Images
from layerlint.rules.matching import Cases
from layerlint.rules.model import ImagesFile, Rule, ShellFile
from layerlint.rules.selection import RuleNames
from layerlint.shell.wrapper import Wrapper
from layerlint.shell.wrappers import Wrappers
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.catalog import Catalog
from layerlint.tools.tool import Tool


@dataclass(frozen=True)
class RuleSet:
    """The rules, sorted by id, and the knowledge that they need."""

    rules: tuple[Rule, ...]
    tools: tuple[Tool, ...]
    wrapper_list: tuple[Wrapper, ...]
    removers: tuple[Remover, ...]
    account_programs: tuple[AccountProgram, ...]
    images: tuple[Image, ...]

    @cached_property
    def names(self) -> RuleNames[Rule]:
        """The rules by what people call them."""
        return RuleNames(self.rules)

    @cached_property
    def catalog(self) -> Catalog:
        """The tools by name."""
        return Catalog(self.tools)

    @cached_property
    def wrappers(self) -> Wrappers:
        """The wrappers by name."""
        return Wrappers(self.wrapper_list)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known of tools and of the other programs that a RUN starts."""
        return Knowledge(self.catalog, self.wrappers, self.removers, self.account_programs, Images(self.images))

    @cached_property
    def _cases(self) -> dict[frozenset[str], Cases]:
        return {}

    def cases(self, ids: frozenset[str]) -> Cases:
        """What the rules with these ids report, by what it speaks of. The others are not even read."""
        if ids not in self._cases:
            self._cases[ids] = Cases(rule for rule in self.rules if rule.id in ids)
        return self._cases[ids]


def make_ruleset(files: Sequence[object]) -> RuleSet:
    """The rule set of what was read from rule files, tool files and files about the shell's programs."""
    shell_files = [file for file in files if isinstance(file, ShellFile)]
    tools = tuple(file for file in files if isinstance(file, Tool))
    return RuleSet(
        rules=tuple(sorted((file for file in files if isinstance(file, Rule)), key=lambda rule: rule.id)),
        tools=tools,
        wrapper_list=(
            *(wrapper for file in shell_files for wrapper in file.wrappers),
            *(wrapper for tool in tools for wrapper in tool.wrappers),
        ),
        removers=tuple(remover for file in shell_files for remover in file.removers),
        account_programs=tuple(program for file in shell_files for program in file.accounts),
        # What a user says of an image counts before what is shipped.
        images=tuple(image for file in reversed(files) if isinstance(file, ImagesFile) for image in file.images),
    )
