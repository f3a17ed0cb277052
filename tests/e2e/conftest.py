"""Two replicas on one database: one hears Slack over Socket Mode, the other over signed HTTP."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.bots import Bot, Program, started
from tests.browsers import browser
from tests.conftest import new_database
from tests.fair_world import Strategic, fair_program, fair_world
from tests.pagesite import Site, serving
from tests.world import TRANSPORTS, UNHURRIED, World, new_world


@pytest.fixture(scope="module")
def shared_world(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with (
        new_database(postgres_url, template=migrated_template) as url,
        new_world(url, tmp_path_factory.mktemp("world")) as world,
    ):
        yield world


@pytest.fixture(scope="module")
def replicas(shared_world: World) -> Iterator[Mapping[str, Bot]]:
    with started(*(shared_world.program(way, **UNHURRIED).launch() for way in TRANSPORTS)) as bots:
        yield dict(zip(TRANSPORTS, (bot.ready() for bot in bots), strict=True))


@pytest.fixture(params=TRANSPORTS)
def world(shared_world: World, replicas: Mapping[str, Bot], request: pytest.FixtureRequest) -> Iterator[World]:
    """The shared world, with people reaching the bot over one of the transports."""
    shared_world.speak(replicas[request.param], request.param)
    yield shared_world
    shared_world.is_sayable()


@pytest.fixture
def either(shared_world: World, replicas: Mapping[str, Bot]) -> Iterator[World]:
    """The shared world, where the transport makes no difference."""
    shared_world.speak(replicas["socket"], "socket")
    yield shared_world
    shared_world.is_sayable()


@pytest.fixture(scope="module")
def fair_place(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Strategic, Mapping[str, Bot]]]:
    """The world with a budget, its strategic clients, and two replicas of its own.

    Of a module: they cost a tenth of a processor each while they stand.
    """
    with (
        new_database(postgres_url, template=migrated_template) as url,
        fair_world(url, tmp_path_factory.mktemp("fair")) as (world, strategic),
        started(*(fair_program(world, way).launch() for way in TRANSPORTS)) as bots,
    ):
        yield world, strategic, dict(zip(TRANSPORTS, (bot.ready() for bot in bots), strict=True))


@pytest.fixture(params=TRANSPORTS)
def fair(fair_place: tuple[World, Strategic, Mapping[str, Bot]], request: pytest.FixtureRequest) -> Iterator[World]:
    """The world with a budget, with people reaching the bot over one of the transports."""
    world, _, bots = fair_place
    world.bot = bots[request.param]
    world.speak(world.bot, request.param)
    yield world
    world.is_sayable()


@pytest.fixture
def fair_either(fair_place: tuple[World, Strategic, Mapping[str, Bot]]) -> Iterator[World]:
    """The world with a budget, where the transport makes no difference."""
    world, _, bots = fair_place
    world.bot = bots["socket"]
    world.speak(world.bot, "socket")
    yield world
    world.is_sayable()


@pytest.fixture(scope="module")
def strategic(fair_place: tuple[World, Strategic, Mapping[str, Bot]]) -> Strategic:
    """The clients in it who are asked by the calendar."""
    return fair_place[1]


@pytest.fixture(scope="module")
def program(shared_world: World) -> Program:
    """kpibot's other commands in the shared world."""
    return shared_world.program("socket")


@pytest.fixture
def empty_world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A world of this test's own whose database has no tables yet."""
    with new_world(database_url, tmp_path) as world:
        yield world


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. Of a module, not a session: while it runs, this thread can run no other event loop."""
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def house(shared_engine: Engine) -> Iterator[Site]:
    """The survey's page, served."""
    with serving(shared_engine) as site:
        yield site


@pytest.fixture
def site(house: Site) -> Site:
    """The same with a client of this test's own before it."""
    house.new()
    return house
