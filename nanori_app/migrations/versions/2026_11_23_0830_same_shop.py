"""A seat knows for which shop its agent spoke last."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "same_shop"
down_revision = "shown_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    op.add_column("seat", sa.Column("last_shop_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_seat_last_shop_id"), "seat", "tenant", ["last_shop_id"], ["tenant_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("seat", "last_shop_id")
