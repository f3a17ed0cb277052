"""An interaction as another program tells of it, and what it is told in turn."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bot.web.rest.spoken import Rejected, readable
from kpi.errors import KpiError, Misfilled
from kpi.services.surveys.words import NOTE_CHARS, Logged, LogRequest

RESERVED = {"slack": "logged in Slack", "csv": "imported"}
"""Sources of our own: word → how such interactions came."""

_SHOWN = 60

Key = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True)]


Tag = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


class Interaction(BaseModel):
    """An interaction as another program knows it; accounts, contacts and owners by their keys."""

    model_config = ConfigDict(extra="forbid")

    account: Annotated[Key, Field(description="Whose it is.")]
    contact: Annotated[Key | None, Field(description="With whom, and so who is asked; left out: whoever answers.")] = (
        None
    )
    kind: Annotated[Key, Field(description="meeting, call, review, delivery, support, email or other.")]
    occurred_at: Annotated[AwareDatetime, Field(description="When it took place, with its offset.")]
    source: Annotated[Key, Field(description="The program that knows of it.")]
    external_id: Annotated[Key, Field(description="What that program calls it; the same again is the same one.")]
    owner: Annotated[Key | None, Field(description="Who of ours; left out: who looks after the account.")] = None
    note: Annotated[str | None, Field(max_length=NOTE_CHARS, description="A note of ours.")] = None
    tags: Annotated[list[Tag], Field(max_length=20, description="Words that survey programmes can ask for.")] = Field(
        default_factory=list
    )


class Reopening(BaseModel):
    """Which interaction is not over after all."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[Key, Field(description="The program that told of it.")]
    external_id: Annotated[Key, Field(description="What that program calls it.")]


class Reopened(BaseModel):
    """Whether it was over until now; a question about it that was not asked yet is cancelled."""

    changed: bool


class Outcome(BaseModel):
    """What became of it: `survey` is scheduled for `due_at`, or there is none and `reason` says why."""

    interaction: int
    survey: Literal["scheduled", "none"]
    due_at: datetime | None
    reason: str | None
    duplicate: bool


class Kept(BaseModel):
    """What became of a row: stored now, or a duplicate of one stored before; the rest as for a single one."""

    row: int
    status: Literal["stored", "duplicate"]
    interaction: int
    survey: Literal["scheduled", "none"]
    due_at: datetime | None
    reason: str | None


class Outcomes(BaseModel):
    """What became of each row of a batch, in their order."""

    accepted: int
    rejected: int
    rows: list[Kept | Rejected]


def request(given: Any, by: str) -> LogRequest:
    """What is to be logged; KpiError says what is wrong with it, Misfilled in which field."""
    try:
        found = Interaction.model_validate(given)
    except ValidationError as fault:
        raise _misfilled(fault.errors(include_url=False, include_input=False)[0]) from fault
    if found.source in RESERVED:
        marks = f"that is how interactions {RESERVED[found.source]} are marked"
        raise Misfilled("source", f"source must not be “{found.source}”; {marks}.")
    read = {"occurred_at": _utc(found.occurred_at), "tags": tuple(found.tags)}
    return LogRequest(**found.model_dump() | read, logged_by=by)


def reopening(given: Any) -> Reopening:
    """What is not over; KpiError says what is wrong with it."""
    try:
        return Reopening.model_validate(given)
    except ValidationError as fault:
        raise _misfilled(fault.errors(include_url=False, include_input=False)[0]) from fault


def outcome(logged: Logged) -> Outcome:
    """What a program is told of a single one."""
    return Outcome(duplicate=logged.duplicate, **_fate(logged))


def kept(number: int, logged: Logged) -> Kept:
    """The same of a row."""
    return Kept(row=number, status="duplicate" if logged.duplicate else "stored", **_fate(logged))


def refused(number: int, fault: KpiError) -> Rejected:
    """A row that could not be logged."""
    column = fault.field if isinstance(fault, Misfilled) else None
    return Rejected(row=number, column=column and readable(column), reason=readable(str(fault)))


def _fate(logged: Logged) -> Mapping[str, Any]:
    return {
        "interaction": logged.interaction_id,
        "survey": "scheduled" if logged.due_at else "none",
        "due_at": logged.due_at,
        "reason": logged.reason,
    }


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise Misfilled("occurred_at", "occurred_at lies outside the calendar; please check the year.") from fault


def _misfilled(fault: ErrorDetails) -> KpiError:
    place = ".".join(str(part) for part in fault["loc"])[:_SHOWN]
    if not place:
        return KpiError("An interaction must be a JSON object.")
    if fault["type"] == "timezone_aware":
        return Misfilled(place, f"{place} needs a time zone, as in 2026-11-22T15:00:00+01:00.")
    if fault["type"] == "missing":
        return Misfilled(place, f"{place} is missing.")
    return Misfilled(place, f"{place}: {fault['msg'][:1].lower()}{fault['msg'][1:]}.")
