"""Steps into shops, the table of all of them, and profiles, made ready for templates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from desks.onboarding import Facts, Step, StepKey, is_ready, steps
from desks.onboarding_facts import Pair
from desks.profiles import LANGUAGES, SKILL_LEVELS, Profile
from nanori.identity.models import Account
from nanori.words import DASH, N_, Words
from reports.brand_load import BrandLoad
from tenants.frame import logo_url
from tenants.models import Tenant

SAID: Mapping[StepKey, tuple[str, str]] = {
    StepKey.ROSTER: (N_("On the shop's roster"), N_("Not on the shop's roster")),
    StepKey.PHRASES: (
        N_("Greeting and phrases are read"), N_("Greeting and phrases are not read as they stand now")
    ),
    StepKey.NOTICES: (N_("Every notice is read"), N_("Notices are not read yet")),
    StepKey.SCRIPT: (
        N_("The talk script is known: walked through, or a call answered"),
        N_("The talk script is not walked through yet"),
    ),
    StepKey.QUIZ: (N_("The quiz is passed"), N_("The quiz is not passed")),
    StepKey.TRAINED: (N_("A supervisor lets calls through"), N_("A supervisor lets no calls through yet")),
    StepKey.TEST_CALL: (
        N_("A call was answered under the shop's name"),
        N_("No call was answered under the shop's name yet: a colleague's test call will do"),
    ),
}  # fmt: skip
"""What there is, and what is missing."""
TO_DO: Mapping[StepKey, str] = {
    StepKey.PHRASES: "/my-shops/{shop}#phrases",
    StepKey.NOTICES: "/knowledge?shop={shop}&toread=1",
    StepKey.SCRIPT: "/my-shops/{shop}#script",
    StepKey.QUIZ: "/quiz/{shop}",
    StepKey.TEST_CALL: "/desk",
}
"""Where an agent does it; the others are a supervisor's."""
TO_HELP: Mapping[StepKey, str] = {
    StepKey.ROSTER: "/shops/{shop}/desk",
    StepKey.NOTICES: "/knowledge?shop={shop}&toread=1",
    StepKey.QUIZ: "/knowledge/{shop}/quiz",
    StepKey.TRAINED: "/shops/{shop}/desk",
    StepKey.TEST_CALL: "/shops/{shop}/lines",
}
"""Where a supervisor sees to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    key: str
    done: bool
    said: str
    href: str  # while it is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCard:
    """One shop, and an agent's way into it."""

    tenant_id: UUID
    brand: str
    logo_url: str
    ready: bool
    left: int
    steps: Sequence[StepLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An agent at a shop; None in its place is no roster."""

    href: str
    left: int  # steps; 0 is ready
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    agent_id: UUID
    name: str
    about: str  # languages and skills
    load: str  # shops an hour in the mean, and at most; "": the agent spoke for nobody of late
    load_is_high: bool
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    shop: Tenant
    logo_url: str
    ready: int
    all: int


def shop_cards(
    facts: Mapping[Pair, Facts], shops: Sequence[Tenant], agent_id: UUID, links: Mapping[StepKey, str]
) -> list[ShopCard]:
    """The agent's shops: those first where something is left to do."""
    cards = [
        _card(shop, steps(facts[shop.tenant_id, agent_id]), links)
        for shop in shops
        if (shop.tenant_id, agent_id) in facts
    ]
    return sorted(cards, key=lambda card: card.ready)


def columns(facts: Mapping[Pair, Facts], shops: Sequence[Tenant]) -> list[Column]:
    """Of everybody on the rosters, not only of those on the page."""
    ready = Counter(tenant_id for (tenant_id, _), one in facts.items() if is_ready(steps(one)))
    there = Counter(tenant_id for tenant_id, _ in facts)
    return [
        Column(shop=one, logo_url=logo_url(one), ready=ready[one.tenant_id], all=there[one.tenant_id])
        for one in shops
    ]


def agent_rows(
    agents: Sequence[Account],
    facts: Mapping[Pair, Facts],
    shops: Sequence[Tenant],
    profiles: Mapping[UUID, Profile],
    loads: Mapping[UUID, BrandLoad],
    words: Words,
    *,
    limit: int,
) -> list[AgentRow]:
    """``limit``: more shops an hour than that are too many."""
    return [
        AgentRow(
            agent_id=one.id,
            name=one.name,
            load=_load(words, loads.get(one.id)),
            load_is_high=one.id in loads and loads[one.id].mean > limit,
            about=_about(words, profiles.get(one.id, Profile())),
            cells=[_cell(facts.get((shop.tenant_id, one.id)), shop, one, words) for shop in shops],
        )
        for one in agents
    ]


def languages_in(words: Words, profile: Profile) -> str:
    return words.listed(words.gettext(LANGUAGES[one]) for one in profile.languages) or DASH


def skills_in(words: Words, profile: Profile) -> str:
    named = [f"{one.name} ({words.gettext(SKILL_LEVELS[one.level])})" for one in profile.skills]
    return words.listed(named) or DASH


def _about(words: Words, profile: Profile) -> str:
    parts = [languages_in(words, profile), skills_in(words, profile)]
    return " · ".join(part for part in parts if part != DASH)


def _load(words: Words, load: BrandLoad | None) -> str:
    if load is None:
        return ""
    said = words.gettext(N_("{mean} (at most {most})"))
    return said.format(mean=words.number(load.mean, 1), most=load.most)


def _card(shop: Tenant, found: Sequence[Step], links: Mapping[StepKey, str]) -> ShopCard:
    return ShopCard(
        tenant_id=shop.tenant_id,
        brand=shop.brand_name,
        logo_url=logo_url(shop),
        ready=is_ready(found),
        left=sum(not step.done for step in found),
        steps=[_line(step, shop, links) for step in found],
    )


def _line(step: Step, shop: Tenant, links: Mapping[StepKey, str]) -> StepLine:
    there, lacking = SAID[step.key]
    href = "" if step.done else links.get(step.key, "").format(shop=shop.tenant_id)
    return StepLine(key=step.key.value, done=step.done, said=there if step.done else lacking, href=href)


def _cell(facts: Facts | None, shop: Tenant, agent: Account, words: Words) -> Cell | None:
    if facts is None:
        return None
    missing = [step for step in steps(facts) if not step.done]
    said = words.listed(words.gettext(SAID[step.key][1]) for step in missing)
    return Cell(
        href=f"/agents/{agent.id}#shop-{shop.tenant_id}",
        left=len(missing),
        said=said or words.gettext(N_("Ready")),
    )
