"""What became of the one attempt at something outside: an exact word for it."""


class Unsent(Exception):
    """The call failed; nothing went out, for certain. Worth trying again."""


class Limited(Unsent):
    """We are asked to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"rate limited for {seconds:g} s")
        self.seconds = seconds


class Ambiguous(Exception):
    """Nobody can say whether it was done."""


class Rejected(Exception):
    """It will not be done, now or later; `code` is the other side's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
