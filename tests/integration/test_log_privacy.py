"""What clients write stays out of the log, also when the database fails over it."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from bot.database import open_database
from bot.settings import load

WORDS = "what a client wrote"


def test_a_statement_that_fails_does_not_carry_a_clients_words_into_the_log(database_url: str) -> None:
    with open_database(load({"DATABASE_URL": database_url})) as engine, engine.connect() as connection:
        with pytest.raises(DataError) as failure:
            connection.execute(text("SELECT length(:words) / 0"), {"words": WORDS})
        logged = logging.Formatter().formatException((failure.type, failure.value, failure.tb))
    assert "division by zero" in logged
    assert WORDS not in logged
