"""A contact's number that the carrier cannot call is marked and left out."""

import sqlalchemy as sa
from alembic import op

revision = "contact_refused"
down_revision = "own_phone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contact", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("contact", "refused_at")
