"""A desk may have phrases and a talk script of its own."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "desk_words"
down_revision = "portal"
branch_labels = None
depends_on = None

OLD = "uq_answer_phrase_tenant_id_situation_day_part_version"
NEW = "uq_answer_phrase_tenant_id_desk_id_situation_day_part_version"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    for table in ("answer_phrase", "script"):
        op.add_column(table, sa.Column("desk_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_tenant_id_desk_id"), table, "desk",
            ["tenant_id", "desk_id"], ["tenant_id", "id"],
        )  # fmt: skip
    op.drop_constraint(op.f(OLD), "answer_phrase", type_="unique")
    op.create_unique_constraint(
        op.f(NEW), "answer_phrase", ["tenant_id", "desk_id", "situation", "day_part", "version"],
        postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_unique_constraint(op.f("uq_script_tenant_id_desk_id"), "script", ["tenant_id", "desk_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_script_tenant_id_desk_id"), "script", type_="unique")
    op.drop_constraint(op.f(NEW), "answer_phrase", type_="unique")
    for table in ("script", "answer_phrase"):
        op.drop_column(table, "desk_id")
    op.create_unique_constraint(op.f(OLD), "answer_phrase", ["tenant_id", "situation", "day_part", "version"])
