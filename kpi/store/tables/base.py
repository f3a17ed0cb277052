"""What every table of ours shares: workspace_id leading its key, instants that refuse to be naive, checked words."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A timestamptz that takes only aware datetimes and gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        if value is not None and value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone; every stored instant needs one")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)


def table(name: str, *items: SchemaItem, key: Iterable[str]) -> Table:
    """A table of one workspace's rows: `workspace_id` comes first and leads the primary key."""
    columns = ("workspace_id", *key)
    return Table(
        name,
        metadata,
        Column("workspace_id", Integer, nullable=False),
        *items,
        PrimaryKeyConstraint(*columns),
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
    )


def number(name: str) -> Column[int]:
    """A surrogate key the database counts up."""
    return Column(name, BigInteger, Identity(), nullable=False)


def text(name: str, **options: Any) -> Column[str]:
    """A text that must be given."""
    return Column(name, Text, nullable=False, **options)


def maybe_text(name: str) -> Column[str]:
    """A text that may be absent."""
    return Column(name, Text)


def instant(name: str) -> Column[datetime]:
    """An instant that must be given."""
    return Column(name, Instant, nullable=False)


def maybe_instant(name: str) -> Column[datetime]:
    """An instant that may be absent."""
    return Column(name, Instant)


def ref(column: str, target: str, target_column: str | None = None) -> ForeignKeyConstraint:
    """`column` names a row of `target` in the same workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{target}.workspace_id", f"{target}.{target_column or column}"]
    )


def unique(*columns: str) -> UniqueConstraint:
    """No two rows of one workspace share these columns."""
    return UniqueConstraint("workspace_id", *columns)


def index(*columns: str, **options: Any) -> Index:
    """An index within the workspace."""
    return Index(None, "workspace_id", *columns, **options)


def one_of(column: str, *words: str) -> CheckConstraint:
    """`column` holds one of these words (or is absent, where it may be)."""
    allowed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def holds(name: str, condition: str) -> CheckConstraint:
    """A condition every row meets."""
    return CheckConstraint(condition, name=name)
