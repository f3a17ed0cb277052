"""Answers without a name: one respondent gives one answer, and nobody can tell later who it was."""

import hashlib
import hmac
import secrets

from kpi.store.store import Record


def new_salt() -> str:
    """What makes the respondents of one survey unlike those of any other; it is erased once nobody may answer."""
    return secrets.token_hex(16)


def respondent(survey: Record, user_id: str, secret: bytes) -> str:
    """A name for a respondent that only this survey's salt and the deployment's secret lead to."""
    salt = survey["salt"] or ""
    said = hmac.new(secret + salt.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    return f"anonymous:{said[:32]}"
