"""Versions of scripts that shops approve, campaigns, and what agents were shown."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import bind_every_shop, protect

revision = "script_versions"
down_revision = "note_addition"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "approved", "published", "retired")
OLD_STATES = ("draft", "published", "retired")
ONE_OF_EACH = ("draft", "submitted", "approved")

MOVES_ARE_LEGAL = """
CREATE FUNCTION script_version_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.tenant_id, NEW.id, NEW.script_id, NEW.number, NEW.created_at)
        IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.script_id, OLD.number, OLD.created_at) THEN
        RAISE EXCEPTION 'a script version keeps its place' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'draft' AND (NEW.steps, NEW.revision) IS DISTINCT FROM (OLD.steps, OLD.revision) THEN
        RAISE EXCEPTION 'only a draft changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'submitted'), ('draft', 'retired'),
        ('submitted', 'approved'), ('submitted', 'draft'), ('submitted', 'retired'),
        ('approved', 'published'), ('approved', 'retired'), ('published', 'retired')
    ) THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _states(names: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(name) for name in names)})"


def upgrade() -> None:
    bind_every_shop()  # the new foreign keys look at the rows that are there
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("script", sa.Column("order_pattern", sa.String(), nullable=False, server_default=""))
    op.alter_column("script", "order_pattern", server_default=None)
    _decisions()
    op.drop_constraint(op.f("ck_script_version_scriptstate"), "script_version")
    op.create_check_constraint(op.f("ck_script_version_scriptstate"), "script_version", _states(STATES))
    for state in ONE_OF_EACH:
        op.create_index(
            f"uq_script_version_{state}", "script_version", ["tenant_id", "script_id"],
            unique=True, postgresql_where=f"state = '{state}'",
        )  # fmt: skip
    op.execute(MOVES_ARE_LEGAL)
    op.execute(
        "CREATE TRIGGER moves BEFORE UPDATE ON script_version"
        " FOR EACH ROW EXECUTE FUNCTION script_version_moves()"
    )
    _campaign()
    _talk()


def _decisions() -> None:
    table = "script_version"
    op.add_column(table, sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(table, sa.Column("decision_note", sa.String(), nullable=False, server_default=""))
    for column in ("revision", "decision_note"):
        op.alter_column(table, column, server_default=None)
    for column in ("submitted_at", "decided_at"):
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    for column in ("submitted_by", "decided_by"):
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, "account", [column], ["id"])
    kinds = sa.Enum(
        "portal", "recorded", name="approval", native_enum=False, create_constraint=True, length=32
    )
    op.add_column(table, sa.Column("approval", kinds, nullable=True))


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("goods", postgresql.JSONB(), nullable=False),
        sa.Column("allows_solicitation", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_campaign_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_campaign_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_campaign_tenant_id_code")),
    )
    protect("campaign")


def _talk() -> None:
    op.create_table(
        "script_talk",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("moment", postgresql.JSONB(), nullable=False),
        sa.Column("shown", postgresql.JSONB(), nullable=False),
        sa.Column("offers", postgresql.JSONB(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["interaction.tenant_id", "interaction.id"],
            name=op.f("fk_script_talk_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["script_version.tenant_id", "script_version.id"],
            name=op.f("fk_script_talk_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_script_talk")),
        sa.UniqueConstraint(
            "tenant_id", "interaction_id", name=op.f("uq_script_talk_tenant_id_interaction_id")
        ),
    )
    protect("script_talk")


def downgrade() -> None:
    """What was under way becomes a thing of the past: the old states know no approval."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("script_talk")
    op.drop_table("campaign")
    op.execute("DROP TRIGGER moves ON script_version")
    op.execute("DROP FUNCTION script_version_moves")
    op.drop_constraint(op.f("ck_script_version_scriptstate"), "script_version")
    _retire_what_is_under_way()
    op.create_check_constraint(op.f("ck_script_version_scriptstate"), "script_version", _states(OLD_STATES))
    for state in ONE_OF_EACH:
        op.drop_index(f"uq_script_version_{state}", "script_version")
    for column in (
        "revision", "decision_note", "submitted_at", "decided_at", "submitted_by", "decided_by", "approval"
    ):  # fmt: skip
        op.drop_column("script_version", column)
    op.drop_column("script", "order_pattern")


def _retire_what_is_under_way() -> None:
    bind_every_shop()
    op.execute("UPDATE script_version SET state = 'retired' WHERE state IN ('submitted', 'approved')")
