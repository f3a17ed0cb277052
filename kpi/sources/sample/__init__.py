"""A believable portfolio, made from a seed: see README.md for what it holds."""

from kpi.sources.sample.mix import ZONE
from kpi.sources.sample.plan import Plan, Wish, planned
from kpi.sources.sample.tally import INTENDED
from kpi.sources.sample.writing import Made, write

__all__ = ["INTENDED", "ZONE", "Made", "Plan", "Wish", "planned", "write"]
