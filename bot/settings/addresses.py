"""Addresses of other systems, in the one form the product uses. No sentence repeats one: it may hold a password."""

from urllib.parse import SplitResult, urlsplit

DRIVER = "postgresql+psycopg"
POSTGRES = ("postgres", "postgresql", DRIVER)
EXAMPLE = "postgresql://user:password@host:5432/database"


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


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise ValueError("has a host or port that cannot be read; write special characters as %XX") from error
    return parts
