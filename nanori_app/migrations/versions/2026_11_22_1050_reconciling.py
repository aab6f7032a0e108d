"""When a call was last compared with the carrier, and whether the carrier has let go of it."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "reconciling"
down_revision = "consultations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("checked_at", "settled_at"):
        op.add_column("call", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    bind_every_shop()
    op.execute("UPDATE call SET settled_at = ended_at WHERE state = 'closed'")
    op.create_index(
        "ix_call_unsettled", "call", ["checked_at"], postgresql_where=sa.text("settled_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_call_unsettled", "call")
    for name in ("settled_at", "checked_at"):
        op.drop_column("call", name)
