"""What a browser sends: read no further than a long comment needs, and taken for nothing it is not."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from fastapi import Request
from starlette.requests import ClientDisconnect

from kpi.errors import Misfilled
from kpi.services.surveys.opting import Wish

LARGEST = 40_000
"""Bytes: the longest comment in any script takes up to twelve for each character on its way."""
_FIELDS = 30
_FORM = "application/x-www-form-urlencoded"

Form = Mapping[str, Sequence[str]]


async def body_of(request: Request) -> bytes:
    """The body, or so much of it that it is seen to be too large; nothing where it broke off."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                break
    except ClientDisconnect:
        return b""
    return bytes(body)


def form_of(body: bytes, kind: str) -> Form:
    """The fields of a form; Misfilled when it is none."""
    if kind.partition(";")[0].strip().lower() != _FORM:
        raise Misfilled("form", "That is not a form of this page.")
    try:
        text = body.decode("ascii")
        return parse_qs(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError as fault:
        raise Misfilled("form", "That is not a form of this page.") from fault


def score(form: Form) -> int:
    """The score pressed."""
    said = _only(form, "score")
    if not re.fullmatch(r"[0-9]{1,2}", said):
        raise Misfilled("score", "There is no such answer.")
    return int(said)


def comment(form: Form) -> str:
    """The comment; browsers send line ends as two characters, and count one."""
    return _only(form, "comment").replace("\r\n", "\n")


def tags(form: Form) -> tuple[str, ...]:
    """What was ticked."""
    return tuple(form.get("tag", ()))


def wish(form: Form) -> Wish:
    """What is wished."""
    try:
        return Wish(_only(form, "wish"))
    except ValueError as fault:
        raise Misfilled("wish", "There is no such wish.") from fault


def _only(form: Form, field: str) -> str:
    said = form.get(field, ())
    if len(said) != 1:
        raise Misfilled("form", f"The form lacks {field}, or has it twice.")
    return said[0]
