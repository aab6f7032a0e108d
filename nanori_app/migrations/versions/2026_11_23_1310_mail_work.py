"""How long agents have worked on the answer to a case."""

import sqlalchemy as sa
from alembic import op

revision = "mail_work"
down_revision = "surveys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("case", sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case", sa.Column("worked_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("case", "worked_ms", server_default=None)


def downgrade() -> None:
    op.drop_column("case", "worked_ms")
    op.drop_column("case", "touched_at")
