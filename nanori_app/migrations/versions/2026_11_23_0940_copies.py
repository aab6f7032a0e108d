"""Copies of a mail are looked up by the mail."""

from alembic import op

revision = "copies"
down_revision = "season_tests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_message_copy", "message", ["tenant_id", "copy_of"], postgresql_where="copy_of IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_message_copy", "message")
