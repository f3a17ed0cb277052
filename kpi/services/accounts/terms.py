"""What a form says of an account's contract, beside the terms there are: a correction, an end, or a new beginning."""

from collections.abc import Collection, Mapping, Sequence

from kpi.store.store import Record

FIELDS = ("starts_on", "notice_on", "ends_on", "reason")
Course = Mapping[str, str]
"""A term's fields as texts, "" where nothing is known."""


def texts(term: Record | None) -> dict[str, str]:
    """A stored term as texts; nothing at all for None."""
    return {field: "" if term is None or term[field] is None else str(term[field]) for field in FIELDS}


def wanted(said: Mapping[str, str], changed: Collection[str], last: Record | None) -> dict[str, str]:
    """What the form says of the term: what was changed in it, and the rest as it is stored."""
    stored = texts(last)
    return {field: said[field] if field in changed or last is None else stored[field] for field in FIELDS}


def comes_back(want: Course, last: Record | None) -> bool:
    """Whether a new term begins: on a day on or after the end of the last one."""
    stored = texts(last)
    return bool(stored["ends_on"]) and want["starts_on"] >= stored["ends_on"]


def faults(want: Course, stored: Sequence[Record]) -> dict[str, str]:
    """By field, what cannot be."""
    last = stored[-1] if stored else None
    earlier = texts(last if comes_back(want, last) else stored[-2] if len(stored) > 1 else None)
    return dict(_faults(want, earlier, bool(stored)))


def _faults(want: Course, earlier: Course, has_term: bool) -> list[tuple[str, str]]:
    start, notice, end = want["starts_on"], want["notice_on"], want["ends_on"]
    rules = (
        ("starts_on", not start and (has_term or any(want.values())), "Please give the first day of service."),
        ("ends_on", start and end and end <= start, "The first day without service must come after the start; "
         "leave it empty while the contract runs."),
        ("notice_on", start and notice and notice < start, "The notice cannot come before the start."),
        ("notice_on", notice and end and end < notice, "The notice cannot come after the end it announces."),
        ("reason", want["reason"] and not (notice or end), "There is no notice and no end to give a reason for."),
        ("starts_on", start and start < (earlier["ends_on"] or start), "An earlier term runs until "
         f"{earlier['ends_on']}; this one cannot start before that."),
    )  # fmt: skip
    return [(field, sentence) for field, broken, sentence in reversed(rules) if broken]
