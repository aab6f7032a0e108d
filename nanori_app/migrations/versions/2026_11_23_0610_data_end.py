"""Files can be removed, and a season says when its data was returned or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "data_end"
down_revision = "desk_words"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("file", sa.Column("removed_at", MOMENT, nullable=True))
    op.add_column("season", sa.Column("data_ended_at", MOMENT, nullable=True))
    op.create_check_constraint(
        op.f("ck_season_what_was_done_was_decided"), "season",
        "data_ended_at IS NULL OR data_end IS NOT NULL",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint(op.f("ck_season_what_was_done_was_decided"), "season", type_="check")
    op.drop_column("season", "data_ended_at")
    op.drop_column("file", "removed_at")
