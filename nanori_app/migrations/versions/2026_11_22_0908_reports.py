"""Monthly reports."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "reports"
down_revision = "mailroom"
branch_labels = None
depends_on = None

TENANT_OWNED = ("month_report",)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "month_report",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "rendering",
                "ready",
                "failed",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pdf_file_id", sa.Uuid(), nullable=True),
        sa.Column("figures_file_id", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM month) = 1", name=op.f("ck_month_report_month_is_its_first_day")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "figures_file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_month_report_tenant_id_figures_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pdf_file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_month_report_tenant_id_pdf_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_month_report_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_month_report")),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_month_report_tenant_id_month")),
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("month_report")
