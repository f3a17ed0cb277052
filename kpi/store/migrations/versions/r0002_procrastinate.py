"""The job queue's own tables, as the pinned Procrastinate brings them, with a note of which one that was.

A later Procrastinate needs a revision of its own: it reads the note, runs the migrations that came after the noted
release, and writes the note anew; a database made by the later release finds nothing to run. (All of its migrations,
from the first one on, cannot stand here: before PostgreSQL 17 they do not bear a single transaction.)
"""

from importlib import metadata, resources

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the queue's tables and functions."""
    bind = op.get_bind()
    schema = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    bind.exec_driver_sql(schema.replace("%", "%%"))
    bind.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS 'Procrastinate {metadata.version('procrastinate')}'")
