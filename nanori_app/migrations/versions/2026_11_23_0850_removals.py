"""Removed files are counted until their bytes are gone; a table of orders may name a seasonal desk."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "removals"
down_revision = "shop_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    op.add_column("file", sa.Column("removal_id", sa.Uuid(), nullable=True))
    op.add_column("file", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_file_to_delete"), "file", ["removed_at"],
        postgresql_where=sa.text("removed_at IS NOT NULL AND deleted_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        op.f("ix_file_removal"), "file", ["tenant_id", "removal_id"],
        postgresql_where=sa.text("removal_id IS NOT NULL"),
    )  # fmt: skip
    op.add_column("order_reading", sa.Column("desk_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_order_reading_tenant_id_desk_id"), "order_reading", "desk",
        ["tenant_id", "desk_id"], ["tenant_id", "id"],
    )  # fmt: skip


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("order_reading", "desk_id")
    op.drop_column("file", "deleted_at")
    op.drop_column("file", "removal_id")
