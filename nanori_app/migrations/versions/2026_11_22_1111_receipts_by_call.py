"""A webhook's natural key belongs to one call, not to all calls of a shop."""

from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "receipts_by_call"
down_revision = "waiting_by_staff"
branch_labels = None
depends_on = None

OLD = "uq_webhook_receipt_tenant_id_natural_key"
NEW = "uq_webhook_receipt_tenant_id_call_id_natural_key"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(OLD), "webhook_receipt", type_="unique")
    op.create_unique_constraint(op.f(NEW), "webhook_receipt", ["tenant_id", "call_id", "natural_key"])


def downgrade() -> None:
    """Of receipts with the same key only the first of a shop can stay."""
    bind_every_shop()
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        DELETE FROM webhook_receipt later USING webhook_receipt earlier
        WHERE later.tenant_id = earlier.tenant_id AND later.natural_key = earlier.natural_key
          AND earlier.id < later.id
        """
    )
    op.drop_constraint(op.f(NEW), "webhook_receipt", type_="unique")
    op.create_unique_constraint(op.f(OLD), "webhook_receipt", ["tenant_id", "natural_key"])
