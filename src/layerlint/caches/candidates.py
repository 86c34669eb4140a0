"""Which RUNs of a file are worth reading: seen from the names in their text, before any of it is parsed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from layerlint.caches.knowledge import Knowledge
from layerlint.dockerfile.build_state import BuildState
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.source.source import encode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.tools.mentions import SearchedText

# A RUN says it by itself, or with a variable, or with the shell in front of it.
_SAY_WHAT_RUNS = frozenset({"RUN", "ENV", "ARG", "SHELL", "ONBUILD"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Which names of tools, of programs that make users and of programs that remove files are anywhere in a file."""

    text: SearchedText
    tools: Sequence[str]
    account_programs: Sequence[str]
    removers: Sequence[str]

    @classmethod
    def of(cls, dockerfile: Dockerfile, knowledge: Knowledge) -> Candidates:
        """Those in all that could say what a RUN runs.

        Not in the text of the file, in which a name may be in two pieces, with a continuation between.
        """
        said = [written_in(each) for each in dockerfile.instructions if each.keyword in _SAY_WHAT_RUNS]
        text = SearchedText.of(b"\n".join(said))
        kinds = (knowledge.catalog.mentioned_in, knowledge.account_program_in, knowledge.remover_in)
        return cls(text, *(mentioned_in.candidates(text) for mentioned_in in kinds))

    def are_in(self, written: bytes, state: BuildState, knowledge: Knowledge, found: Collection[str]) -> bool:
        """Whether a RUN could call a tool, make a user, or remove what it finds: paths of caches or configurations.

        `written` is what `written_in` says of it.
        """
        text = self.text.part(written)
        mentioned_in = knowledge.catalog.mentioned_in
        if mentioned_in(text, self.tools) or knowledge.account_program_in(text, self.account_programs):
            return True
        if found and knowledge.remover_in(text, self.removers):
            return True
        if "$" not in text.written:
            return False
        values = _values(text, state)
        return bool(values) and mentioned_in(SearchedText.of(encode("\n".join(values))))


def _values(text: SearchedText, state: BuildState) -> Sequence[str]:
    """The values of the variables that a RUN's text names; of all that it gets, if one of these may name others."""
    known = [(name, value) for name, value in state.process_environment.items() if value]
    said = [value for name, value in known if name.lower() in text.written]
    return [value for _, value in known] if any("$" in value for value in said) else said


def written_in(instruction: Instruction) -> bytes:
    """The text of an instruction with its here-documents behind it; an exec form's words without their escapes."""
    if instruction.exec_form is not None:
        return b"\n".join(word.data for word in instruction.exec_form)
    if not instruction.heredocs:
        return instruction.text.data
    return b"\n".join((instruction.text.data, *(heredoc.body.data for heredoc in instruction.heredocs)))
