"""Client shops, the directory, accounts, files and the audit trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "shops"
down_revision = "queue"
branch_labels = None
depends_on = None

TENANT_OWNED = (
    "tenant",
    "answer_phrase",
    "contact",
    "contract_terms",
    "file",
    "mail_address",
    "opening_span",
    "phone_number",
    "special_day",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_account_login_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "agent",
                "supervisor",
                "operator",
                "merchant",
                "shopper",
                "contact",
                "carrier",
                "bot",
                "system",
                "test",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("shop_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_account_id"), "audit_entry", ["account_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_table(
        "directory",
        sa.Column(
            "kind",
            sa.Enum(
                "shop",
                "number",
                "mail_address",
                "call",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_directory")),
    )
    op.create_index(op.f("ix_directory_shop_id"), "directory", ["shop_id"], unique=False)
    op.create_table(
        "tenant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("legal_name", sa.String(), nullable=False),
        sa.Column("brand_name", sa.String(), nullable=False),
        sa.Column("brand_reading", sa.String(), nullable=False),
        sa.Column("trade", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("logo_file_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("recording_notice", sa.String(), nullable=False),
        sa.Column("closed_message", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f("ck_tenant_colour_is_hex")),
        sa.CheckConstraint("locale IN ('ja', 'en')", name=op.f("ck_tenant_locale_is_known")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant")),
    )
    op.create_table(
        "throttle_bucket",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "subject_hash", name=op.f("pk_throttle_bucket")),
    )
    op.create_table(
        "answer_phrase",
        sa.Column(
            "situation",
            sa.Enum(
                "normal",
                "after_wait",
                "complaint",
                name="situation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "day_part",
            sa.Enum(
                "any",
                "morning",
                "daytime",
                "evening",
                name="daypart",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_answer_phrase_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer_phrase")),
        sa.UniqueConstraint(
            "tenant_id",
            "situation",
            "day_part",
            "version",
            name=op.f("uq_answer_phrase_tenant_id_situation_day_part_version"),
        ),
    )
    op.create_table(
        "contact",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_contact_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "tenant_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_contact_tenant_id_position"),
        ),
    )
    op.create_table(
        "contract_terms",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "letter",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                "E",
                "F",
                name="servicelevelletter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "second_letter",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                "E",
                "F",
                name="second_letter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_within_seconds", sa.Integer(), nullable=False),
        sa.Column("target_percent", sa.Integer(), nullable=False),
        sa.Column("short_abandon_seconds", sa.Integer(), nullable=False),
        sa.Column("mail_within_minutes", sa.Integer(), nullable=False),
        sa.Column("counts_out_of_hours", sa.Boolean(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("tenant_id"), "="),
            (sa.text("daterange(valid_from, valid_until)"), "&&"),
            using="gist",
            name="terms_do_not_overlap",
        ),
        sa.CheckConstraint(
            "answer_within_seconds BETWEEN 1 AND 600", name=op.f("ck_contract_terms_answer_within_is_sane")
        ),
        sa.CheckConstraint(
            "target_percent BETWEEN 1 AND 100", name=op.f("ck_contract_terms_target_is_a_percentage")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_contract_terms_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_terms")),
    )
    op.create_table(
        "file",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_file_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file")),
    )
    op.create_table(
        "login_session",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absolute_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_session_account_id")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_account_id"), "login_session", ["account_id"], unique=False)
    op.create_table(
        "mail_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_mail_address_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mail_address")),
        sa.UniqueConstraint("tenant_id", "address", name=op.f("uq_mail_address_tenant_id_address")),
    )
    op.create_table(
        "opening_span",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440",
            name=op.f("ck_opening_span_opens_before_closing"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 7", name=op.f("ck_opening_span_weekday_is_one")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_opening_span_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_opening_span")),
    )
    op.create_table(
        "phone_number",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_phone_number_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_phone_number")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_phone_number_tenant_id_number")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "supervisor",
                "operator",
                "merchant",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("shop_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(role IN ('agent', 'merchant')) = (shop_id IS NOT NULL)",
            name=op.f("ck_role_grant_shop_where_role_needs_one"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_shop_id"), "role_grant", ["shop_id"], unique=False)
    op.create_index(
        "uq_role_grant_account_id",
        "role_grant",
        ["account_id", "role", "shop_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "special_day",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_special_day_both_or_none")),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440",
            name=op.f("ck_special_day_opens_before_closing"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_special_day_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_special_day")),
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("special_day")
    op.drop_table("role_grant")
    op.drop_table("phone_number")
    op.drop_table("opening_span")
    op.drop_table("mail_address")
    op.drop_table("login_session")
    op.drop_table("file")
    op.drop_table("contract_terms")
    op.drop_table("contact")
    op.drop_table("answer_phrase")
    op.drop_table("throttle_bucket")
    op.drop_table("tenant")
    op.drop_table("directory")
    op.drop_table("audit_entry")
    op.drop_table("account")
