"""Files of rows: CSV in every dialect people save, and Parquet."""
