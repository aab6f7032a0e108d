"""How we get into a shop's own Shopify, and from when on a reading asks it."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "shopify"
down_revision = "parcel_inquiry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("order_reading", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "shopify_connection",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("sealed_token", sa.String(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_shopify_connection_set_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shopify_connection_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_shopify_connection")),
        sa.UniqueConstraint("domain", name=op.f("uq_shopify_connection_domain")),
    )
    op.create_index("ix_shopify_connection_due", "shopify_connection", ["due_at"])
    protect("shopify_connection")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("shopify_connection")
    op.drop_column("order_reading", "since")
