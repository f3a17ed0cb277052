"""Every row has a key that files know it by; accounts can be merged; days nobody counted messages of are not zero."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change our tables; the statements stand in the file of the same name."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
