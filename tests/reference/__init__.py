"""A second opinion: every KPI by plain loops from a folder of CSV files, sharing no code with what it judges."""

from tests.reference.computing import CATALOG, compute
from tests.reference.settings import Hours, MissingRate, Settings

__all__ = ["CATALOG", "Hours", "MissingRate", "Settings", "compute"]
