"""What is still missing before a shop can take calls: a pure list, worst first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from nanori.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to have. ``needed`` stops calls when missing; the others are advice."""

    key: str
    done: bool
    there: str = ""  # msgid of what there is
    lacking: str = ""  # msgid of what follows from its absence
    needed: bool = True
    page: str = ""  # the part of the set-up that mends it, or the address of another page
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The msgid that holds now."""
        return self.there if self.done else self.lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """What the checks look at."""

    tenant_id: UUID
    brand_name: str
    brand_reading: str
    has_phrase: bool  # the ordinary one, for all day
    has_phrase_after_wait: bool
    has_hours: bool
    has_number: bool
    has_address: bool
    has_contact: bool
    has_terms: bool
    has_closed_message: bool
    has_logo: bool
    is_music_lost: bool = False  # there should be music of its own, and the file is gone or cut off
    similar_brands: tuple[str, ...] = ()  # shops whose colour is too close


def readiness(facts: ShopFacts, more: Sequence[Check] = ()) -> list[Check]:
    """Every check of a shop: missing ones first, advice after them, what is done last.

    Args:
        more: checks of higher rooms (a published script, agents for its desk).
    """
    found = [*_needed(facts), *more, *_advised(facts)]
    return sorted(found, key=lambda check: (check.done, not check.needed))


def may_take_calls(checks: Iterable[Check]) -> bool:
    return all(check.done for check in checks if check.needed)


def missing(checks: Iterable[Check]) -> int:
    """How many needed things are not there."""
    return sum(check.needed and not check.done for check in checks)


def _needed(facts: ShopFacts) -> list[Check]:
    return [*_voice(facts), *_reach(facts)]


def _voice(facts: ShopFacts) -> list[Check]:
    """What callers hear."""
    return [
        Check(
            key="name",
            page="profile",
            done=bool(facts.brand_name and facts.brand_reading),
            there=N_("Brand name and reading"),
            lacking=N_("The brand name or its reading is missing"),
        ),
        Check(
            key="phrase",
            page="phrases",
            done=facts.has_phrase,
            there=N_("Answer phrase"),
            lacking=N_("There is no ordinary answer phrase for all day"),
        ),
        Check(
            key="closed",
            page="phrases",
            done=facts.has_closed_message,
            there=N_("Message out of hours"),
            lacking=N_("Callers out of hours would hear no message"),
        ),
    ]


def _reach(facts: ShopFacts) -> list[Check]:
    """When and where the shop is reached, and by what agreement."""
    return [
        Check(
            key="hours",
            page="hours",
            done=facts.has_hours,
            there=N_("Opening hours"),
            lacking=N_("There are no opening hours"),
        ),
        Check(
            key="number",
            page="lines",
            done=facts.has_number,
            there=N_("Phone number"),
            lacking=N_("No phone number rings for this shop"),
        ),
        Check(
            key="contact",
            page="contacts",
            done=facts.has_contact,
            there=N_("Escalation contact"),
            lacking=N_("There is nobody to call when an agent needs the shop"),
        ),
        Check(
            key="terms",
            page="terms",
            done=facts.has_terms,
            there=N_("Service level"),
            lacking=N_("No service level is agreed"),
        ),
    ]


def _advised(facts: ShopFacts) -> list[Check]:
    advice = [
        Check(
            key="address",
            page="lines",
            needed=False,
            done=facts.has_address,
            there=N_("Mail address"),
            lacking=N_("Without a mail address no mail arrives"),
        ),
        Check(
            key="after_wait",
            page="phrases",
            needed=False,
            done=facts.has_phrase_after_wait,
            there=N_("Phrase for callers who waited"),
            lacking=N_("Callers who waited hear the ordinary phrase"),
        ),
        Check(
            key="logo",
            page="profile",
            needed=False,
            done=facts.has_logo,
            there=N_("Logo"),
            lacking=N_("Without a logo agents see the first letter of the name"),
        ),
    ]
    return [*advice, *_warnings(facts)]


def _warnings(facts: ShopFacts) -> list[Check]:
    """What is there and will not do."""
    found = []
    if facts.is_music_lost:
        found.append(
            Check(
                key="music",
                page="phone",
                needed=False,
                done=False,
                lacking=N_("The hold music is lost: callers hear ours. Please upload it again"),
            )
        )
    if facts.similar_brands:
        found.append(
            Check(
                key="colour",
                page="profile",
                needed=False,
                done=False,
                lacking=N_("The colour is easily taken for that of {brands}"),
                params={"brands": ", ".join(facts.similar_brands)},
            )
        )
    return found
