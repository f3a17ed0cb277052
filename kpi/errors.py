"""Faults a person can mend. Everything else is ours to mend and is never shown as it is."""


class KpiError(Exception):
    """A person can act on this; its text is one clear sentence and is shown to them unchanged."""


class UnknownWord(KpiError):
    """Something was named that does not exist; `nearest` holds the known words closest to it, best first."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class Refused(KpiError):
    """The person may not do this, or not here; the text says so politely and why, `why` is a word of it for a list."""

    def __init__(self, message: str, why: str = "not allowed") -> None:
        super().__init__(message)
        self.why = why


class Misfilled(KpiError):
    """What was given in named fields cannot be taken; `by_field` says of each why, `field` is the first of them."""

    def __init__(self, field: str, message: str, **others: str) -> None:
        super().__init__(message)
        self.field = field
        self.by_field = {field: message, **others}
