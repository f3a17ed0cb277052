"""Worlds in which things go wrong; bots are started and ended by the tests themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import new_database
from tests.world import World, new_world


@pytest.fixture(scope="module")
def world(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with (
        new_database(postgres_url, template=migrated_template) as url,
        new_world(url, tmp_path_factory.mktemp("world")) as made,
    ):
        yield made


@pytest.fixture
def empty_world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A world whose database has no tables yet."""
    with new_world(database_url, tmp_path) as made:
        yield made
