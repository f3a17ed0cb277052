"""What a program sends: read no further than is allowed, and JSON that can mean one thing only."""

import json
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.web.rest.spoken import NOT_JSON
from kpi.errors import KpiError

LARGEST = 4_000_000
MOST_ROWS = 1_000
_LONGEST_WHOLE = 100
_SHOWN = 60
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Sent:
    """A body and the name of the token it came with."""

    token: str
    raw: bytes

    @property
    def by(self) -> str:
        """Who sent it, as the records name them."""
        return f"api:{self.token}"

    def document(self) -> Any:
        """The body's JSON; KpiError says what is wrong with it."""
        if not self.raw:
            raise KpiError("The body is missing; send a JSON object.")
        try:
            return json.loads(
                self.raw.decode("utf-8-sig"),
                object_pairs_hook=_object,
                parse_constant=_no_number,
                parse_float=_real,
                parse_int=_whole,
            )
        except UnicodeDecodeError as fault:
            raise KpiError("The body is not valid UTF-8.") from fault
        except json.JSONDecodeError as fault:
            place = f"{fault.msg} at line {fault.lineno}, column {fault.colno}"
            raise KpiError(f"The body is not valid JSON: {place}.") from fault
        except RecursionError as fault:
            raise KpiError("The body is nested too deeply.") from fault


Reading = Callable[..., Awaitable[Sent]]


def sent_with(token: Callable[..., str]) -> Reading:
    """A dependency: the body of a request whose token was found good."""

    async def sent(request: Request, name: Annotated[str, Depends(token)]) -> Sent:
        kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise HTTPException(415, NOT_JSON)
        return Sent(name, await _read(request))

    return sent


def rows_of(document: Any) -> Sequence[Any]:
    """The rows of a batch; KpiError when it is none."""
    if not isinstance(document, dict):
        raise KpiError('The body must be an object like {"rows": [ … ]}.')
    if unknown := document.keys() - {"rows"}:
        raise KpiError(f"“{min(unknown)}” is not known here; the body is an object with rows alone.")
    rows = document.get("rows")
    if not isinstance(rows, list):
        raise KpiError("rows is missing." if rows is None else "rows must be a list of objects.")
    if not 0 < len(rows) <= MOST_ROWS:
        raise KpiError(f"rows holds {len(rows):,} rows; send 1 to {MOST_ROWS:,} at a time.")
    return rows


async def _read(request: Request) -> bytes:
    raw = bytearray()
    try:
        async for part in request.stream():
            raw += part
            if len(raw) > LARGEST:
                raise HTTPException(413, f"The body is larger than {LARGEST:,} bytes; send fewer rows at a time.")
    except ClientDisconnect as fault:
        raise KpiError("The body broke off.") from fault
    return bytes(raw)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (doubled, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise KpiError(f"One object of the body has “{doubled[:_SHOWN]}” twice.")
    return found


def _no_number(name: str) -> NoReturn:
    raise KpiError(f"The body is not valid JSON: {name} is no number in it.")


def _real(text: str) -> float | int:
    """A whole number as such, however it is written."""
    found = float(text)
    if math.isinf(found):
        raise KpiError(f"The body has a number larger than any, {text[:_SHOWN]}.")
    return int(found) if abs(found) < _EXACT and found.is_integer() else found


def _whole(text: str) -> int:
    if len(text) > _LONGEST_WHOLE:
        raise KpiError(f"The body has a number of more than {_LONGEST_WHOLE} digits, {text[:_SHOWN]}….")
    return int(text)
