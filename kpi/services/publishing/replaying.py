"""A published value computed anew: the same facts and the same definition give the same bytes."""

from dataclasses import replace
from json import loads

from kpi.metrics.catalog import CATALOG
from kpi.model import Scope
from kpi.policy import KpiDefinition
from kpi.services.publishing import figures
from kpi.services.reports import Reports, Settled
from kpi.store.store import Record, Tx


def replay(reports: Reports, tx: Tx, row: Record) -> str:
    """A published row's document from the facts known at its instant, by the definition of its day."""
    kpi = next(kpi for kpi in CATALOG if kpi.key == row["kpi_key"])
    kpi = kpi.as_variant(row["variant"]) if kpi.variants else kpi
    period = reports.period(loads(row["document"])["period"]["key"], row["as_of"])
    definition = _of_its_day(reports.policy.kpis[kpi.key], row)
    return figures.written(reports.measured(tx, Settled(kpi, period, Scope(), row["as_of"]), definition))


def _of_its_day(definition: KpiDefinition, row: Record) -> KpiDefinition:
    """The label, the formula, the target and the fewest answers that were in force."""
    told = loads(row["document"])
    return replace(
        definition,
        label=told["label"],
        formula=told["formula"],
        variants={},
        target=told["target"] and told["target"]["value"],
        definition_version=row["definition_version"],
        min_n=row["basis"]["min_n"],
    )
