"""When no edit is certain to do what is meant."""


class CannotFixError(Exception):
    """A fix does not fit here. The message says why, for the user."""


class NotMeantError(CannotFixError):
    """A fix that is for another situation than this; the rule may have one for this, which says more."""
