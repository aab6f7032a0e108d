"""Cases are joined and parted; a second case is made of a mail that holds two questions."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop, protect

revision = "case_joins"
down_revision = "removals"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "open pending done no_action"
EVENTS = """arrived guidance_ended queued offered offer_missed answered held resumed consulted transferred
connected_contact left_queue abandoned voicemail_left self_served callback_requested dialled not_reached
consult_joined consult_left recording_started recording_paused recording_resumed help_asked supervised ended
wrapped_up received first_reply replied auto_replied escalated escalation_acknowledged client_answered snoozed
reopened solved split_from merged_into reason_changed"""
RULES = """answered replied message our_call first_of_case still_open abandoned closed announcement queue_full
message_free callback_asked blocked machine not_reached our_call_free no_reply_needed answered_together
too_short wrong_number sales silent test our_fault later_in_case not_priced no_agreement"""
JOINING = "kind IN ('merged_into', 'merge_undone')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    _allow("case", "state", "casestate", f"{STATES} joined")
    _allow("interaction_event", "kind", "eventkind", f"{EVENTS} split_into merge_undone")
    _allow("usage_line", "rule", "rule", f"{RULES} part_of_mail")
    _widen_case()
    _create_case_join()
    _widen_mails()
    op.add_column("usage_line", sa.Column("is_part", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("usage_line", "is_part", server_default=None)


def _allow(table: str, column: str, name: str, values: str) -> None:
    listed = ", ".join(f"'{one}'" for one in values.split())
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def _widen_case() -> None:
    op.add_column("case", sa.Column("joined_to", sa.Uuid(), nullable=True))
    head = sa.Computed("coalesce(joined_to, id)", persisted=True)
    op.add_column("case", sa.Column("head_id", sa.Uuid(), head, nullable=True))
    op.create_unique_constraint(op.f("uq_case_tenant_id_id_head_id"), "case", ["tenant_id", "id", "head_id"])
    op.create_foreign_key(
        "fk_case_joined_to_one_that_stands", "case", "case",
        ["tenant_id", "joined_to", "head_id"], ["tenant_id", "id", "head_id"],
    )  # fmt: skip
    op.create_check_constraint(op.f("ck_case_joined_to_another"), "case", "joined_to <> id")
    op.create_check_constraint(
        op.f("ck_case_joined_says_where"), "case", "(state = 'joined') = (joined_to IS NOT NULL)"
    )
    op.create_index("ix_case_head", "case", ["tenant_id", "head_id"])


def _create_case_join() -> None:
    states = sa.Enum(
        *STATES.split(), "joined", name="casestate", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "case_join",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state_before", states, nullable=False),
        sa.Column("due_before", MOMENT, nullable=True),
        sa.Column("into_due_before", MOMENT, nullable=True),
        sa.Column("took_up", sa.Boolean(), nullable=False),
        sa.Column("joined_by", sa.Uuid(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_case_join_undone_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], ["case.tenant_id", "case.id"],
                name=op.f(f"fk_case_join_tenant_id_{column}"),
            )
            for column in ("case_id", "into_id")
        ),
        sa.ForeignKeyConstraint(["joined_by"], ["account.id"], name=op.f("fk_case_join_joined_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_case_join_undone_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case_join")),
    )  # fmt: skip
    op.create_index(
        "uq_case_join_once", "case_join", ["tenant_id", "case_id"],
        unique=True, postgresql_where="undone_at IS NULL",
    )  # fmt: skip
    op.create_index("ix_case_join_into", "case_join", ["tenant_id", "into_id"])
    protect("case_join")


def _widen_mails() -> None:
    op.add_column("interaction", sa.Column("part_of", sa.Uuid(), nullable=True))
    op.add_column("interaction", sa.Column("split_at", MOMENT, nullable=True))
    op.create_foreign_key(
        op.f("fk_interaction_tenant_id_part_of"), "interaction", "interaction",
        ["tenant_id", "part_of"], ["tenant_id", "id"],
    )  # fmt: skip
    op.create_check_constraint(
        op.f("ck_interaction_a_part_was_split_off"), "interaction", "(part_of IS NULL) = (split_at IS NULL)"
    )
    op.create_index(
        "ix_interaction_part", "interaction", ["tenant_id", "part_of"],
        postgresql_where="part_of IS NOT NULL",
    )  # fmt: skip
    op.create_index(
        "ix_interaction_event_joining", "interaction_event", ["tenant_id", "at"], postgresql_where=JOINING
    )
    op.add_column("message", sa.Column("copy_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_message_tenant_id_copy_of"), "message", "message",
        ["tenant_id", "copy_of"], ["tenant_id", "id"],
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("usage_line", "is_part")
    op.drop_column("message", "copy_of")
    op.drop_index("ix_interaction_event_joining", "interaction_event")
    for column in ("split_at", "part_of"):
        op.drop_column("interaction", column)
    op.drop_table("case_join")
    for column in ("head_id", "joined_to"):
        op.drop_column("case", column)
    bind_every_shop()
    op.execute("UPDATE \"case\" SET state = 'done' WHERE state = 'joined'")
    _allow("case", "state", "casestate", STATES)
    _allow("interaction_event", "kind", "eventkind", EVENTS)
    _allow("usage_line", "rule", "rule", RULES)
