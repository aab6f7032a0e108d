"""What agents can do, and what of a shop they have read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import protect

revision = "agents"
down_revision = "quiz"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "agent_profile",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("languages", postgresql.JSONB(), nullable=False),
        sa.Column("skills", postgresql.JSONB(), nullable=False),
        sa.Column("mails_at_once", sa.Integer(), nullable=True),
        sa.Column("calls_interrupt", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mails_at_once > 0", name=op.f("ck_agent_profile_some_mail_fits")),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_agent_profile_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_agent_profile")),
    )
    kinds = sa.Enum("phrases", "script", name="reading", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "shop_reading",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("what", kinds, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_shop_reading_tenant_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_shop_reading_agent_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shop_reading")),
        sa.UniqueConstraint(
            "tenant_id", "agent_id", "what", name=op.f("uq_shop_reading_tenant_id_agent_id_what")
        ),
    )
    protect("shop_reading")


def downgrade() -> None:
    op.drop_table("shop_reading")
    op.drop_table("agent_profile")
