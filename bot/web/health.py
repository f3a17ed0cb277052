"""Is it alive, is it ready, what does it do: for people at 3 a.m. and for machines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Check = Callable[[], Mapping[str, Any]]
"""Answers {"ok": bool, …}; a figure beside it says why."""

Gauges = Callable[[], Mapping[str, Mapping[str, float]]]
"""Answers metric name → label value → number."""


def router(checks: Mapping[str, Check], gauges: Gauges) -> APIRouter:
    """`/healthz` (the process runs), `/readyz` (each part, 503 when one is not well), `/metrics` (Prometheus)."""
    routes = APIRouter()
    registry = CollectorRegistry()
    registry.register(_Gauges(gauges))

    @routes.get("/healthz", include_in_schema=False)
    def alive() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz", include_in_schema=False)
    def ready() -> JSONResponse:
        found = {name: dict(check()) for name, check in checks.items()}
        well = all(part["ok"] for part in found.values())
        return JSONResponse({"ready": well, "checks": found}, status_code=200 if well else 503)

    @routes.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return routes


class _Gauges(Collector):
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing before the first scrape: reading the database is not for the start."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Every figure, read now."""
        for name, values in self._gauges().items():
            family = GaugeMetricFamily(f"kpibot_{name}", name.replace("_", " "), labels=["of"])
            for label, value in values.items():
                family.add_metric([label], value)
            yield family
