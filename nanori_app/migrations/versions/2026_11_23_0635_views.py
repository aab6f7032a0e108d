"""Saved views of the figures of any days, and to whom they went."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "views"
down_revision = "article_readers"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FIXED = (
    "(span = 'days') = (first_day IS NOT NULL) AND (first_day IS NULL) = (last_day IS NULL)"
    " AND (first_day IS NULL OR first_day <= last_day)"
)
SENT = "due_at IS NULL OR (span <> 'days' AND removed_at IS NULL)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _view()
    _letter()
    for table in ("figure_view", "figure_letter"):
        protect(table)


def _view() -> None:
    op.create_table(
        "figure_view",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "span",
            sa.Enum(
                "days", "week", "month", name="span", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("readers", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_figure_view_has_a_name")),
        sa.CheckConstraint(FIXED, name=op.f("ck_figure_view_fixed_days_are_named")),
        sa.CheckConstraint(SENT, name=op.f("ck_figure_view_only_what_moves_is_sent")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_figure_view_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"], ["desk.tenant_id", "desk.id"],
            name=op.f("fk_figure_view_tenant_id_desk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reason_id"], ["reason.tenant_id", "reason.id"],
            name=op.f("fk_figure_view_tenant_id_reason_id"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_figure_view_made_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_figure_view")),
    )  # fmt: skip
    op.create_index(
        "uq_figure_view_name", "figure_view", ["tenant_id", "name"], unique=True,
        postgresql_where="removed_at IS NULL",
    )  # fmt: skip
    op.create_index("ix_figure_view_due", "figure_view", ["due_at"], postgresql_where="due_at IS NOT NULL")


def _letter() -> None:
    op.create_table(
        "figure_letter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_figure_letter_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "view_id"], ["figure_view.tenant_id", "figure_view.id"],
            name=op.f("fk_figure_letter_tenant_id_view_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["outbox.tenant_id", "outbox.id"], name=op.f("fk_figure_letter_tenant_id_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_figure_letter_account_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_figure_letter")),
        sa.UniqueConstraint(
            "tenant_id", "view_id", "account_id", "last_day",
            name=op.f("uq_figure_letter_tenant_id_view_id_account_id_last_day"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("figure_letter")
    op.drop_table("figure_view")
