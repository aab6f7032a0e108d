"""Investigations of parcels: cases with fields of their own."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import protect

revision = "parcel_inquiry"
down_revision = "questions"
branch_labels = None
depends_on = None

NEW = ("parcel_inquiry",)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _parcel_inquiry()
    for table in NEW:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(NEW):
        op.drop_table(table)


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _parcel_inquiry() -> None:
    op.create_table(
        "parcel_inquiry",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=True),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_number", sa.String(), nullable=False),
        sa.Column(
            "company",
            _kind("parcelcompany", "yamato", "sagawa", "japan_post", "seino", "fukuyama", "other"),
            nullable=False,
        ),
        sa.Column("reason", _kind("inquiryreason", "absent", "moved", "unknown_address"), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("decision", _kind("parceldecision", "open", "resend", "return"), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decision <> 'resend' OR address <> ''", name=op.f("ck_parcel_inquiry_resent_to_an_address")
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR decision <> 'open'", name=op.f("ck_parcel_inquiry_settled_is_decided")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["case.tenant_id", "case.id"],
            name=op.f("fk_parcel_inquiry_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_parcel_inquiry_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["shop_order.tenant_id", "shop_order.id"],
            name=op.f("fk_parcel_inquiry_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parcel_id"],
            ["parcel.tenant_id", "parcel.id"],
            name=op.f("fk_parcel_inquiry_tenant_id_parcel_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_parcel_inquiry")),
        sa.UniqueConstraint("tenant_id", "case_id", name=op.f("uq_parcel_inquiry_tenant_id_case_id")),
    )
    op.create_index("ix_parcel_inquiry_deadline", "parcel_inquiry", ["tenant_id", "deadline", "id"])
    op.create_index("ix_parcel_inquiry_order", "parcel_inquiry", ["tenant_id", "order_id"])
    op.create_index(
        "uq_parcel_inquiry_open",
        "parcel_inquiry",
        ["tenant_id", "order_id", "parcel_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
