"""digests.yaml: what a digest shows, and what becomes of one that fell due while nothing ran."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from bot.settings.faults import did_you_mean
from bot.settings.fields import Section, Span
from bot.settings.kpis import Cadence
from bot.settings.nodes import Loc
from kpi.policy import DigestPolicy, KpiDefinition


class DigestsFile(Section):
    """The file as written."""

    kpis: dict[Cadence, Annotated[list[str], Field(min_length=1)]]
    comments: Annotated[int, Field(ge=0, le=10)]
    catch_up: Literal["skip", "latest", "all"]
    windows: dict[Cadence, Span]

    def contradictions(self, known: Mapping[str, KpiDefinition], shipped: "DigestsFile") -> Iterator[tuple[Loc, str]]:
        """KPIs an operator's digest cannot show: unknown ones, ones out of use, and any twice."""
        own = {cadence: keys for cadence, keys in self.kpis.items() if keys != shipped.kpis.get(cadence)}
        for cadence, keys in own.items():
            for index, key in enumerate(keys):
                if key not in known:
                    yield ("kpis", cadence, index), f"is not a KPI{did_you_mean(key, known)}"
                elif known[key].status != "active":
                    yield ("kpis", cadence, index), f"is {known[key].status} in kpis.yaml; a digest shows active KPIs"
                elif key in keys[:index]:
                    yield ("kpis", cadence, index), "is listed twice"

    def policy(self, known: Mapping[str, KpiDefinition]) -> DigestPolicy:
        """What the rest of the product reads; a shipped list is without the KPIs that are out of use."""
        shown = {
            cadence: tuple(key for key in keys if known[key].status == "active") for cadence, keys in self.kpis.items()
        }
        return DigestPolicy(
            kpis=MappingProxyType(dict[str, tuple[str, ...]](shown.items())),
            windows=MappingProxyType(dict[str, timedelta](self.windows.items())),
            catch_up=self.catch_up,
            comments=self.comments,
        )
