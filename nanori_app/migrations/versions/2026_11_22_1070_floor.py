"""When the floor calls for a supervisor, desk by desk."""

import sqlalchemy as sa
from alembic import op

revision = "floor"
down_revision = "fair_routing"
branch_labels = None
depends_on = None

SECONDS = {
    "alarm_wait_seconds": 60,
    "alarm_talk_seconds": 900,
    "alarm_wrapup_seconds": 240,
    "alarm_away_seconds": 3900,
    "alarm_not_ready_seconds": 120,
}
CHECK = "alarm_level_percent BETWEEN 0 AND 100 AND " + " AND ".join(f"{name} >= 0" for name in SECONDS)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("desk", sa.Column("alarm_level_percent", sa.Integer(), nullable=True))
    op.add_column("desk", sa.Column("alarm_nobody", sa.Boolean(), nullable=False, server_default="true"))
    op.alter_column("desk", "alarm_nobody", server_default=None)
    for name, seconds in SECONDS.items():
        op.add_column("desk", sa.Column(name, sa.Integer(), nullable=False, server_default=str(seconds)))
        op.alter_column("desk", name, server_default=None)
    op.create_check_constraint(op.f("ck_desk_alarms_are_sane"), "desk", CHECK)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_desk_alarms_are_sane"), "desk", type_="check")
    for name in ("alarm_level_percent", "alarm_nobody", *SECONDS):
        op.drop_column("desk", name)
