"""What the check of a call says on the call's page, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from interactions.checks import Check, is_checkable, latest_check
from interactions.models import Interaction
from interactions.values import Fault
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.words import N_, Words

QUESTIONS: Mapping[Fault, tuple[str, str]] = {
    Fault.NAME: (N_("Was the shop named correctly?"), N_("The shop's name")),
    Fault.CUSTOMER: (N_("An error critical to the customer?"), N_("Critical to the customer")),
    Fault.BUSINESS: (N_("An error critical to the business?"), N_("Critical to the business")),
    Fault.COMPLIANCE: (N_("An error critical to compliance?"), N_("Critical to compliance")),
}
"""What the form asks, and the short name of the answer. Of the name, yes is good; of an error, no is."""
HINTS: Mapping[Fault, str] = {
    Fault.NAME: N_("Name, department and family name as on the screen."),
    Fault.CUSTOMER: N_("The caller was told something wrong, or left without what they needed."),
    Fault.BUSINESS: N_("It costs the shop or us money, work or standing."),
    Fault.COMPLIANCE: N_("Identity not verified, data disclosed, a rule or a law broken."),
}

NAMED = N_("right name"), N_("wrong name")
ERRORS = N_("no error"), N_("error found")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the form. ``answer`` is "", "yes" or "no"."""

    name: str
    says: str
    hint: str
    answer: str


@dataclass(frozen=True, slots=True)
class Found:
    what: str
    answer: str
    is_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPart:
    """``form`` is empty for who may not check; ``found`` while nobody has."""

    action: str
    form: list[Asked]
    found: list[Found]
    note: str
    said: str  # who checked, and when


async def check_part(
    session: AsyncSession, interaction: Interaction, *, words: Words, context: Context
) -> CheckPart | None:
    """The form for supervisors; what was found for them, operators and the agent who had the call."""
    may_check = context.may(Role.SUPERVISOR) and is_checkable(interaction)
    is_own = interaction.agent_id is not None and interaction.agent_id == context.actor.account_id
    last = await latest_check(session, interaction) if interaction.faults is not None else None
    if not may_check and (last is None or not (is_own or context.may(Role.SUPERVISOR, Role.OPERATOR))):
        return None
    names = await names_of(session, [last.by]) if last and last.by else {}
    return CheckPart(
        action=f"/interactions/checks/{interaction.tenant_id}/{interaction.id}",
        form=[_asked(fault, last, words) for fault in Fault] if may_check else [],
        found=[_found(fault, last, words) for fault in Fault] if last else [],
        note=last.note if last else "",
        said=_said(last, names.get(last.by, "") if last.by else "", words, context) if last else "",
    )


def answered(fault: Fault, faults: frozenset[Fault]) -> str:
    """The form's answer for what was found: the name was right, or there was an error."""
    return "yes" if (fault in faults) is (fault is not Fault.NAME) else "no"


def _asked(fault: Fault, last: Check | None, words: Words) -> Asked:
    says = words.gettext(QUESTIONS[fault][0])
    return Asked(fault.value, says, words.gettext(HINTS[fault]), answered(fault, last.faults) if last else "")


def _found(fault: Fault, last: Check, words: Words) -> Found:
    good, bad = NAMED if fault is Fault.NAME else ERRORS
    is_good = fault not in last.faults
    return Found(words.gettext(QUESTIONS[fault][1]), words.gettext(good if is_good else bad), is_good)


def _said(last: Check, name: str, words: Words, context: Context) -> str:
    return f"{name} · {words.moment(last.at, context.zone)}"
