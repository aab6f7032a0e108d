"""Who of a roster gets calls: trained by the supervisor's word, and certified where the desk asks for it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists

from desks.models import Desk, RosterEntry
from scripts_talk.quiz.models import Certificate


def may_answer(now: datetime) -> ColumnElement[bool]:
    """A condition on a row of ``roster_entry``."""
    certificate = exists().where(
        Certificate.tenant_id == RosterEntry.tenant_id,
        Certificate.agent_id == RosterEntry.agent_id,
        Certificate.expires_at > now,
    )
    in_vain = exists().where(
        Desk.tenant_id == RosterEntry.tenant_id,
        Desk.id == RosterEntry.desk_id,
        Desk.needs_certificate,
        ~certificate.correlate(RosterEntry),
    )
    return and_(RosterEntry.certified, ~in_vain.correlate(RosterEntry))
