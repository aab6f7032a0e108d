"""How far the carrier has been asked for messages that nobody told us of."""

import sqlalchemy as sa
from alembic import op

revision = "message_search"
down_revision = "contact_refused"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "message_search",
        sa.Column("account_sid", sa.String(), nullable=False),
        sa.Column("searched_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_sid", name=op.f("pk_message_search")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("message_search")
