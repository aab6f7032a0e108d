"""A call waits in a queue, and its agent may ask for colleagues: each is counted by itself."""

from alembic import op

revision = "consultations"
down_revision = "floor"
branch_labels = None
depends_on = None

NAME = "uq_waiting_tenant_id_interaction_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(f"{NAME}_turn"), "waiting", type_="unique")
    op.create_unique_constraint(
        op.f(f"{NAME}_kind_turn"), "waiting", ["tenant_id", "interaction_id", "kind", "turn"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(f"{NAME}_kind_turn"), "waiting", type_="unique")
    op.create_unique_constraint(op.f(f"{NAME}_turn"), "waiting", ["tenant_id", "interaction_id", "turn"])
