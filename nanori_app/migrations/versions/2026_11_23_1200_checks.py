"""Supervisors check calls by a form: the log says so, and the call keeps what the last check found."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "checks"
down_revision = "front_door"
branch_labels = None
depends_on = None

EVENTS = """arrived guidance_ended queued offered offer_missed answered held resumed consulted transferred
connected_contact left_queue abandoned voicemail_left self_served callback_requested dialled not_reached
consult_joined consult_left recording_started recording_paused recording_resumed help_asked supervised ended
wrapped_up received first_reply replied auto_replied escalated escalation_acknowledged client_answered snoozed
reopened solved split_from split_into merged_into merge_undone reason_changed"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    _allow(f"{EVENTS} checked")
    op.add_column("interaction", sa.Column("faults", sa.String(), nullable=True))


def _allow(values: str) -> None:
    listed = ", ".join(f"'{one}'" for one in values.split())
    name = op.f("ck_interaction_event_eventkind")
    op.drop_constraint(name, "interaction_event", type_="check")
    op.create_check_constraint(name, "interaction_event", f"kind IN ({listed})")


def downgrade() -> None:
    op.drop_column("interaction", "faults")
    op.execute("DELETE FROM interaction_event WHERE kind = 'checked'")
    _allow(EVENTS)
