"""When no edit is certain to do what is meant."""


class CannotFixError(Exception):
    """A fix does not fit here. The message says why, for the user."""
