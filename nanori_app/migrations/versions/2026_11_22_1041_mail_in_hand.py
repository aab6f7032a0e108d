"""An agent who writes a mail is known by the seat."""

import sqlalchemy as sa
from alembic import op

revision = "mail_in_hand"
down_revision = "calling_phrases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("seat", sa.Column("writes_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("engagement", "lapses_at")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("engagement", sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("seat", "writes_until")
