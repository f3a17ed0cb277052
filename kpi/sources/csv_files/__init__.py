"""Files of rows: CSV in every dialect people save, and Parquet."""

from kpi.sources.csv_files.folder import Folder, Other
from kpi.sources.csv_files.template import write_template

__all__ = ["Folder", "Other", "write_template"]
