"""Health is told the truth: alive, ready with reasons, and figures Prometheus can read."""

from collections.abc import Mapping
from functools import partial

from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine

from bot.web import checks, health
from kpi.store.store import Store
from tests.app_client import AppClient
from tests.fakes import FakeNow

NOON = FakeNow()


def health_of(parts: Mapping[str, health.Check], gauges: health.Gauges = dict) -> AppClient:
    web = FastAPI()
    web.include_router(health.router(parts, gauges))
    return AppClient(web)


def test_a_process_that_runs_is_alive_whatever_its_parts_say() -> None:
    assert health_of({"database": lambda: {"ok": False}}).get("/healthz").json() == {"status": "alive"}


def test_it_is_ready_when_every_part_is_well_and_says_which_is_not() -> None:
    parts: dict[str, health.Check] = {"database": lambda: {"ok": True}, "clock": lambda: {"ok": True}}
    assert health_of(parts).get("/readyz").status_code == 200
    parts["clock"] = lambda: {"ok": False, "reason": "no tick for 90 s"}
    answer = health_of(parts).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["checks"]["clock"] == {"ok": False, "reason": "no tick for 90 s"}


def test_the_database_its_tables_and_its_deliveries_are_well(store: Store) -> None:
    parts = {
        "database": partial(checks.database, store),
        "schema": partial(checks.tables, store),
        "deliveries": partial(checks.oldest_delivery, store, NOON),
    }
    answer = health_of(parts).get("/readyz")
    assert (answer.status_code, set(answer.json()["checks"])) == (200, set(parts))


def test_a_database_that_is_away_makes_us_unready_with_a_sentence_each() -> None:
    store = Store(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), 1)
    parts = {
        "database": partial(checks.database, store),
        "schema": partial(checks.tables, store),
        "deliveries": partial(checks.oldest_delivery, store, NOON),
    }
    answer = health_of(parts).get("/readyz")
    assert answer.status_code == 503
    assert all("cannot be reached" in part["reason"] for part in answer.json()["checks"].values())


def test_tables_of_another_version_make_us_unready_with_the_command_that_mends_it(database_url: str) -> None:
    engine = create_engine(database_url)
    found = checks.tables(Store(engine, 1))
    engine.dispose()
    assert found["ok"] is False
    assert "kpibot migrate" in found["reason"]


def test_metrics_can_be_read_by_prometheus(store: Store) -> None:
    client = health_of({}, partial(checks.figures, store, NOON))
    families = list(text_string_to_metric_families(client.get("/metrics").text))
    assert {family.name for family in families} >= {"kpibot_oldest_delivery_age_seconds"}


def test_metrics_say_so_when_the_database_is_away() -> None:
    store = Store(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), 1)
    answer = health_of({}, partial(checks.figures, store, NOON)).get("/metrics")
    (family,) = text_string_to_metric_families(answer.text)
    assert (family.name, family.samples[0].value) == ("kpibot_database_up", 0.0)
