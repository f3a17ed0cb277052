"""Rates over time."""


def scaled(rate: float, times: float) -> float:
    """A rate of loss over `times` equal spans in a row: 1 − (1 − r)^times, never r · times."""
    return float(1 - (1 - rate) ** times)


def with_joiners(lost: int, at_start: int, joined: int) -> float | None:
    """Losses, joiners among them, of all who were there at any time: lost/(at start + joined); None of nobody."""
    return lost / (at_start + joined) if at_start + joined else None
