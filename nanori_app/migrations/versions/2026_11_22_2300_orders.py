"""What shoppers ordered, where the parcels are, and how a shop's files of them were read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "orders"
down_revision = "escalation_policy"
branch_labels = None
depends_on = None

NEW = ("column_mapping", "shop_order", "order_reading", "parcel", "order_problem")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _column_mapping()
    _shop_order()
    _order_reading()
    _parcel()
    _order_problem()
    for table in NEW:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(NEW):
        op.drop_table(table)


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _column_mapping() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _kind("filekind", "orders", "shipments"), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_column_mapping_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name=op.f("pk_column_mapping")),
    )


def _shop_order() -> None:
    op.create_table(
        "shop_order",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            _kind("orderstate", "placed", "shipped", "delivered", "cancelled", "returned", "other"),
            nullable=False,
        ),
        sa.Column("state_said", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shop_order_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shop_order")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_shop_order_tenant_id_number")),
    )
    op.create_index(
        "ix_shop_order_mail", "shop_order", ["tenant_id", "mail"], postgresql_where=sa.text("mail <> ''")
    )
    op.create_index(
        "ix_shop_order_name",
        "shop_order",
        ["tenant_id", "name_key"],
        postgresql_where=sa.text("name_key <> ''"),
    )
    op.create_index("ix_shop_order_newest", "shop_order", ["tenant_id", "ordered_at", "id"])
    op.create_index(
        "ix_shop_order_phone", "shop_order", ["tenant_id", "phone"], postgresql_where=sa.text("phone <> ''")
    )


def _order_reading() -> None:
    op.create_table(
        "order_reading",
        sa.Column("source", _kind("source", "file", "shopify"), nullable=False),
        sa.Column("kind", _kind("filekind", "orders", "shipments"), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("encoding", _kind("encoding", "utf-8", "utf-8-sig", "cp932"), nullable=True),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column(
            "state", _kind("readingstate", "mapping", "queued", "running", "done", "failed"), nullable=False
        ),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(source = 'file') = (file_id IS NOT NULL)",
            name=op.f("ck_order_reading_a_file_is_read_from_a_file"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_order_reading_asked_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_order_reading_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_order_reading_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order_reading")),
    )
    op.create_index("ix_order_reading_newest", "order_reading", ["tenant_id", "asked_at", "id"])
    op.create_index(
        "ix_order_reading_to_send",
        "order_reading",
        ["asked_at"],
        postgresql_where=sa.text("state = 'queued' AND sent_at IS NULL"),
    )


def _parcel() -> None:
    op.create_table(
        "parcel",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column(
            "company",
            _kind("parcelcompany", "yamato", "sagawa", "japan_post", "seino", "fukuyama", "other"),
            nullable=False,
        ),
        sa.Column("company_said", sa.String(), nullable=False),
        sa.Column(
            "state",
            _kind(
                "parcelstate",
                "preparing",
                "on_its_way",
                "out_for_delivery",
                "delivered",
                "absent",
                "held",
                "moved",
                "unknown_address",
                "returning",
                "returned",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("state_said", sa.String(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["shop_order.tenant_id", "shop_order.id"],
            name=op.f("fk_parcel_tenant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_parcel")),
        sa.UniqueConstraint(
            "tenant_id", "order_id", "number", name=op.f("uq_parcel_tenant_id_order_id_number")
        ),
    )
    op.create_index("ix_parcel_number", "parcel", ["tenant_id", "number"])


def _order_problem() -> None:
    op.create_table(
        "order_problem",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column(
            "about",
            _kind(
                "column",
                "number",
                "ordered_at",
                "state",
                "name",
                "phone",
                "mail",
                "postal_code",
                "address",
                "total",
                "item",
                "quantity",
                "parcel",
                "company",
                "shipped_on",
                "delivered_on",
                "shop",
            ),
            nullable=True,
        ),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reading_id"],
            ["order_reading.tenant_id", "order_reading.id"],
            name=op.f("fk_order_problem_tenant_id_reading_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order_problem")),
        sa.UniqueConstraint(
            "tenant_id",
            "reading_id",
            "row_number",
            name=op.f("uq_order_problem_tenant_id_reading_id_row_number"),
        ),
    )
