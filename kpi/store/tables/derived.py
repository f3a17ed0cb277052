"""What follows from the facts and can be made again: how often each kind of them changed, and whole days of them."""

from sqlalchemy import BigInteger, Column, Date, LargeBinary

from kpi.store.tables.base import maybe_instant, number, table, text

fact_log = table(
    "fact_log",
    number("log_id"),
    text("topic"),
    Column("day", Date),
    maybe_instant("latest"),
    key=["log_id"],
)

fact_version = table(
    "fact_version",
    text("topic"),
    Column("day", Date, nullable=False),
    Column("version", BigInteger, nullable=False),
    maybe_instant("latest"),
    key=["topic", "day"],
)

fact_day = table(
    "fact_day",
    text("frame"),
    Column("day", Date, nullable=False),
    text("zone"),
    Column("version", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    key=["frame", "day"],
)
