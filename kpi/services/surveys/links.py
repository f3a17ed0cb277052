"""Signed links to a survey's page: whoever holds one may answer for one contact until it expires."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = "survey"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{100,300}")
_KEY_BYTES = 32
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Link:
    """What a link stands for, and until when."""

    workspace_id: int
    survey_id: int
    contact_id: int
    expires_at: datetime


class Links:
    """Writes and reads the links of one workspace.

    `keys` are the deployment's, newest first: the newest writes, all of them read. `public_url` is where the world
    reaches us. Without either there are no links.
    """

    def __init__(self, keys: tuple[str, ...], public_url: str | None, workspace_id: int) -> None:
        self._box = MultiFernet([Fernet(derived(key)) for key in keys]) if keys else None
        self._public_url = public_url
        self._workspace_id = workspace_id

    @property
    def work(self) -> bool:
        """Whether links can be written."""
        return self._box is not None and self._public_url is not None

    def address(self, survey_id: int, contact_id: int, expires_at: datetime) -> str | None:
        """The page's address for a contact, good until an instant; None without keys or a public address."""
        if self._box is None or self._public_url is None:
            return None
        said = [PURPOSE, self._workspace_id, survey_id, contact_id, int(expires_at.timestamp())]
        # The instant of writing would stand readable in the token; nobody needs it.
        token = self._box.encrypt_at_time(json.dumps(said, separators=(",", ":")).encode(), 0)
        return f"{self._public_url}/s/{token.decode().rstrip('=')}"

    def read(self, token: str) -> Link | None:
        """What a token stands for, also when it is expired; None for one that is forged, garbled, of another purpose
        or of another workspace."""
        if self._box is None or not _TOKEN.fullmatch(token):
            return None
        try:
            said = json.loads(self._box.decrypt(token + "=" * (-len(token) % 4)))
        except (InvalidToken, ValueError):
            return None
        found = _link(said)
        return found if found is not None and found.workspace_id == self._workspace_id else None


def derived(key: str) -> bytes:
    """A key for links alone, so that it opens nothing else the deployment's key is used for."""
    derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"kpibot survey links")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))


def _link(said: Any) -> Link | None:
    if not isinstance(said, list) or len(said) != _FIELDS or said[0] != PURPOSE:
        return None
    _, workspace_id, survey_id, contact_id, expires = said
    return Link(workspace_id, survey_id, contact_id, datetime.fromtimestamp(expires, UTC))
