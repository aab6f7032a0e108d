"""Who calls, what happened so far, and what this shopper had with this shop before."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import phonenumbers

from interactions.models import Interaction, InteractionEvent, Reason
from interactions.wording import CHANNELS, event_in, outcome_in
from nanori.context import Context
from nanori.words import Words
from nanori_app.pages.desk_parts import EarlierLine, EventLine, ShopperPart
from nanori_app.pages.desk_words import CHANNEL_ICONS, EVENT_ICONS, OTHER_EVENT_ICON

NOTES_SHOWN = 140


def shopper_part(known: tuple[str, str | None] | None, caller_number: str | None) -> ShopperPart:
    """The caller as the shop knows them; the number that calls goes before the one on file."""
    name, number = known or ("", None)
    return ShopperPart(name=name, phone=as_written(caller_number or number), is_known=known is not None)


def as_written(number: str | None) -> str:
    """A number as people of its country write it, Japanese ones without the country code."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number, "JP")
    style = phonenumbers.PhoneNumberFormat
    domestic = parsed.country_code == phonenumbers.country_code_for_region("JP")
    return phonenumbers.format_number(parsed, style.NATIONAL if domestic else style.INTERNATIONAL)


def event_lines(
    events: Sequence[InteractionEvent], names: Mapping[UUID, str], words: Words, context: Context
) -> list[EventLine]:
    """The timeline, newest first: what just happened is what an agent looks for."""
    return [
        EventLine(
            at=words.time(event.at, context.zone, seconds=True),
            iso=event.at.isoformat(),
            icon=EVENT_ICONS.get(event.kind, OTHER_EVENT_ICON),
            text=event_in(words, event.kind, event.data, names),
        )
        for event in reversed(events)
    ]


def earlier_lines(
    rows: Sequence[tuple[Interaction, Reason | None]], words: Words, context: Context
) -> list[EarlierLine]:
    """What this shopper had with this shop before, newest first."""
    return [_earlier_line(interaction, reason, words, context) for interaction, reason in rows]


def _earlier_line(
    interaction: Interaction, reason: Reason | None, words: Words, context: Context
) -> EarlierLine:
    label = (reason.label_ja if words.locale == "ja" else reason.label_en) if reason else ""
    notes = interaction.notes or ""
    return EarlierLine(
        href=f"/interactions/{interaction.tenant_id}/{interaction.id}",
        icon=CHANNEL_ICONS[interaction.channel],
        channel=words.gettext(CHANNELS[interaction.channel]),
        at=words.moment(interaction.arrived_at, context.zone),
        ago=words.ago(interaction.arrived_at, context.now),
        reason=label,
        outcome=outcome_in(words, interaction.outcome),
        notes=notes if len(notes) <= NOTES_SHOWN else notes[: NOTES_SHOWN - 1] + "…",
    )
