"""What a workspace's Slack draws itself is remembered; answers are shared with channels, and drawn as pictures."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Change our tables; the statements stand in the file of the same name."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
