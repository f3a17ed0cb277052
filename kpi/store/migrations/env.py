"""Alembic's door: runs our revisions inside the transaction that kpi.store.schema opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="kpibot_schema")
with context.begin_transaction():
    context.run_migrations()
