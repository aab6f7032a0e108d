"""Alembic runs this with a connection handed over by ``nanori_app.migrate``."""

from alembic import context

from nanori_app.tables import METADATA


def ours(name: str | None, kind: str, _: object) -> bool:
    """Leave the job queue's own tables to the revision that brought them."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_name=ours,
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
