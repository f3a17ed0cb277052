"""The job queue's own tables, by the pinned Procrastinate's migrations up to the last one named here.

Later files run in a later revision, so that every database takes the same way.
"""

from importlib import resources

from alembic import op

revision = "0002"
down_revision = "0001"

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    """Run Procrastinate's migrations, oldest first."""
    folder = resources.files("procrastinate.sql") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    for name in names[: names.index(LAST) + 1]:
        op.get_bind().exec_driver_sql((folder / name).read_text(encoding="utf-8").replace("%", "%%"))
