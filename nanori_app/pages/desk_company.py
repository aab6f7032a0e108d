"""Who else is about a call: the supervisor who was asked for, or who listens, whispers or speaks.

The agent is told of a whisper and of a barge-in always, since both are heard; of silent listening where the
shop wants it so (``tenant.tells_agent_when_supervised``).
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.models import Account
from nanori.words import N_, Words
from nanori_app.pages.desk_parts import CompanyPart, SupervisorLine, running
from telephony.models import Call, Leg
from telephony.values import LegRole, LegState, Supervision
from tenants.models import Tenant

SAID: Mapping[Supervision, tuple[str, str]] = {
    Supervision.LISTEN: (N_("{name} is listening"), N_("Neither you nor the caller can hear them.")),
    Supervision.WHISPER: (N_("{name} speaks to you"), N_("The caller cannot hear it.")),
    Supervision.BARGE: (N_("{name} is in the conversation"), N_("You and the caller both hear them.")),
}
ICONS: Mapping[Supervision, str] = {
    Supervision.LISTEN: "headset",
    Supervision.WHISPER: "volume-2",
    Supervision.BARGE: "users",
}


async def company_of(session: AsyncSession, call: Call, *, words: Words, now: datetime) -> CompanyPart:
    """What the agent in the call is shown."""
    rows = await session.execute(
        select(Account.name, Leg.supervision)
        .join(Leg, Leg.agent_id == Account.id)
        .join(Tenant, Tenant.tenant_id == Leg.tenant_id)
        .where(
            Leg.tenant_id == call.tenant_id,
            Leg.call_id == call.id,
            Leg.role == LegRole.MONITOR,
            Leg.state == LegState.JOINED,
            or_(Tenant.tells_agent_when_supervised, Leg.supervision != Supervision.LISTEN),
        )
        .order_by(Leg.joined_at, Leg.id)
    )
    return CompanyPart(
        asked=running(call.help_asked_at, now, words) if call.help_asked_at else None,
        supervisors=[_line(name, mode, words) for name, mode in rows.all() if mode is not None],
    )


def _line(name: str, mode: Supervision, words: Words) -> SupervisorLine:
    said, heard_by = SAID[mode]
    return SupervisorLine(
        mode=mode.value,
        icon=ICONS[mode],
        said=words.gettext(said).format(name=name),
        heard_by=words.gettext(heard_by),
    )
