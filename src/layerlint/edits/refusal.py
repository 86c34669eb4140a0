"""When no edit is certain to do what is meant."""


class CannotFixError(Exception):
    """A fix does not fit here. The message says why, for the user."""


class NotMeantError(CannotFixError):
    """A fix that is for another situation than this; the rule may have one for this, which says more."""


# In characters: many times what the longest command or path has that people write.
_MAX_WRITTEN = 10_000


def refuse_long(text: str) -> None:
    """Raises `CannotFixError` for a text that nobody would have in a file, and may be wanted on thousands of lines."""
    if len(text) > _MAX_WRITTEN:
        raise CannotFixError("what would have to be written is too long")
