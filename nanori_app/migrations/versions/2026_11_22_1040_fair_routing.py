"""Fair routing: shares of desks, certified and preferred agents, overflow by hand, mails in hand."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "fair_routing"
down_revision = "alerts"
branch_labels = None
depends_on = None

FILLED: dict[str, dict[str, tuple[sa.types.TypeEngine[Any], str]]] = {
    "desk": {
        "weight": (sa.Integer(), "1"),
        "reserved_agents": (sa.Integer(), "0"),
        "max_waiting": (sa.Integer(), "0"),
    },
    "roster_entry": {"certified": (sa.Boolean(), "true"), "preferred": (sa.Boolean(), "false")},
}
EMPTY = {"desk": "overflow_until", "engagement": "lapses_at"}
CHECKS = {"weight_is_a_share": "weight BETWEEN 1 AND 100", "reserve_is_a_number": "reserved_agents >= 0"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, columns in FILLED.items():
        for name, (kind, fill) in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=fill))
            op.alter_column(table, name, server_default=None)
    for table, name in EMPTY.items():
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_desk_{name}"), "desk", rule)
    op.create_index(
        "ix_waiting_desk", "waiting", ["desk_id"], unique=False, postgresql_where="state = 'waiting'"
    )
    op.create_index("ix_offer_offered_at", "offer", ["offered_at"], unique=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_offer_offered_at", "offer")
    op.drop_index("ix_waiting_desk", "waiting")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_desk_{name}"), "desk", type_="check")
    for table, name in EMPTY.items():
        op.drop_column(table, name)
    for table, columns in FILLED.items():
        for name in columns:
            op.drop_column(table, name)
