"""Talk scripts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "scripts"
down_revision = "shops"
branch_labels = None
depends_on = None

TENANT_OWNED = ("script", "script_version")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "script",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_script_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_script")),
    )
    op.create_table(
        "script_version",
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "retired",
                name="scriptstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "script_id"],
            ["script.tenant_id", "script.id"],
            name=op.f("fk_script_version_tenant_id_script_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_script_version")),
        sa.UniqueConstraint(
            "tenant_id", "script_id", "number", name=op.f("uq_script_version_tenant_id_script_id_number")
        ),
    )
    op.create_index(
        "uq_script_version_published",
        "script_version",
        ["tenant_id", "script_id"],
        unique=True,
        postgresql_where="state = 'published'",
    )
    for table in TENANT_OWNED:
        protect(table)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("script_version")
    op.drop_table("script")
