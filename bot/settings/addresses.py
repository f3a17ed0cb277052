"""Addresses of other systems, in the one form the product uses. No sentence repeats one: it may hold a password."""

import re
from email.utils import getaddresses
from urllib.parse import SplitResult, urlsplit

DRIVER = "postgresql+psycopg"
POSTGRES = ("postgres", "postgresql", DRIVER)
EXAMPLE = "postgresql://user:password@host:5432/database"
SMTP_EXAMPLE = "smtp://user:password@host:587 or smtps://user:password@host:465"
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)


def http_address(address: str) -> str:
    """An absolute web address without a trailing slash."""
    parts = _split(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address that begins with https:// or http://")
    if parts.query or parts.fragment:
        raise ValueError("must be a web address without ? and #")
    return address.rstrip("/")


def api_address(address: str) -> str:
    """A web address that method names are appended to: it ends in one slash."""
    return http_address(address) + "/"


def postgres_address(address: str) -> str:
    """A PostgreSQL address for the psycopg driver, from any of the usual spellings."""
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in POSTGRES:
        raise ValueError(f"is not a PostgreSQL address, and nothing else is supported; write it like {EXAMPLE}")
    if not _split(address).path.strip("/"):
        raise ValueError(f"names no database; write it like {EXAMPLE}")
    return f"{DRIVER}://{rest}"


def smtp_address(address: str) -> str:
    """A mail server's address, with a name and a password or neither."""
    parts = _split(address)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(f"is not a mail server's address; write it like {SMTP_EXAMPLE}")
    if parts.path.strip("/") or parts.query or parts.fragment or bool(parts.username) != bool(parts.password):
        raise ValueError(f"must be a host with a name and a password, or neither, like {SMTP_EXAMPLE}")
    return address


def mail_address(address: str) -> str:
    """An e-mail address, with a name before it or none."""
    found = [bare for _, bare in getaddresses([address])]
    if len(found) != 1 or not _MAIL.fullmatch(found[0]) or not address.isprintable():
        raise ValueError("must be one e-mail address, like feedback@example.com or Example <feedback@example.com>")
    return address


def is_private(address: str) -> bool:
    """Whether a web address is this machine's own."""
    try:
        return _split(address).hostname in _OWN_MACHINE
    except ValueError:
        return False


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise ValueError("has a host or port that cannot be read; write special characters as %XX") from error
    return parts
