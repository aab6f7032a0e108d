"""Shoppers are asked how it went, where the shop wants it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nanori_app.migrations.tenancy import bind_every_shop, protect

revision = "surveys"
down_revision = "paid_hours"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EVENTS = """arrived guidance_ended queued offered offer_missed answered held resumed consulted transferred
connected_contact left_queue abandoned voicemail_left self_served callback_requested dialled not_reached
consult_joined consult_left recording_started recording_paused recording_resumed help_asked supervised ended
wrapped_up received first_reply replied auto_replied escalated escalation_acknowledged client_answered snoozed
reopened solved split_from split_into merged_into merge_undone reason_changed checked"""
SURVEYING = "kind IN ('survey_asked', 'survey_answered')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    _allow_events(f"{EVENTS} survey_asked survey_answered")
    op.create_index(
        "ix_interaction_event_survey", "interaction_event", ["tenant_id", "at"], postgresql_where=SURVEYING
    )
    op.create_table(
        "survey_rule",
        *_key("survey_rule"),
        sa.Column("kind", _kind(), nullable=True),
        sa.Column("questions", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=op.f("fk_survey_rule_tenant_id")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_survey_rule_tenant_id")),
    )
    _create_survey()
    for table in ("survey_rule", "survey"):
        protect(table)


def downgrade() -> None:
    op.drop_table("survey")
    op.drop_table("survey_rule")
    op.drop_index("ix_interaction_event_survey", "interaction_event")
    bind_every_shop()
    op.execute("DELETE FROM interaction_event WHERE kind IN ('survey_asked', 'survey_answered')")
    _allow_events(EVENTS)


def _allow_events(values: str) -> None:
    listed = ", ".join(f"'{one}'" for one in values.split())
    op.drop_constraint(op.f("ck_interaction_event_eventkind"), "interaction_event", type_="check")
    op.create_check_constraint(
        op.f("ck_interaction_event_eventkind"), "interaction_event", f"kind IN ({listed})"
    )


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _kind() -> sa.Enum:
    return sa.Enum(
        "csat", "nps", "ces", name="surveykind", native_enum=False, create_constraint=True, length=32
    )


def _create_survey() -> None:
    op.create_table(
        "survey",
        *_key("survey"),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", f"{parent}_id"], [f"{parent}.tenant_id", f"{parent}.id"],
                name=op.f(f"fk_survey_tenant_id_{parent}_id"),
            )
            for parent in ("interaction", "message")
        ),
        sa.UniqueConstraint("tenant_id", "interaction_id", name=op.f("uq_survey_tenant_id_interaction_id")),
        sa.CheckConstraint(
            "(score IS NULL) = (answered_at IS NULL)", name=op.f("ck_survey_answered_has_a_score")
        ),
    )  # fmt: skip
    op.create_index("ix_survey_asked", "survey", ["tenant_id", "asked_at"])
    op.create_index(
        "ix_survey_answered", "survey", ["tenant_id", "answered_at"],
        postgresql_where="answered_at IS NOT NULL",
    )  # fmt: skip
