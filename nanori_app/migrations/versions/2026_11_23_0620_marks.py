"""Marks of mails and the states of agents are looked up by time."""

import sqlalchemy as sa
from alembic import op

revision = "marks"
down_revision = "data_end"
branch_labels = None
depends_on = None

MARK = sa.text("kind IN ('first_reply', 'replied', 'solved', 'reopened')")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_interaction_event_mark", "interaction_event", ["tenant_id", "at"], postgresql_where=MARK
    )
    op.create_index("ix_presence_interval_started_at", "presence_interval", ["started_at"])


def downgrade() -> None:
    op.drop_index("ix_presence_interval_started_at", "presence_interval")
    op.drop_index("ix_interaction_event_mark", "interaction_event")
