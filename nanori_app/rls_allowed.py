"""What the audit of row-level security may find, and why that is no hole."""

from dataclasses import dataclass
from typing import Protocol

from nanori.settings import LoginKind

STAFF, MERCHANT, WORKER = LoginKind.STAFF, LoginKind.MERCHANT, LoginKind.WORKER


class Found(Protocol):
    @property
    def check(self) -> str: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """One exception, bound to the kinds of login that it is meant for; no kinds where no role matters."""

    check: str
    subject: str
    kinds: frozenset[LoginKind]
    reason: str


def _readable(table: str, reason: str, *kinds: LoginKind) -> Allowed:
    return Allowed("table_without_tenant", table, frozenset(kinds), reason)


def _unique(index: str, reason: str) -> Allowed:
    return Allowed("unique_across_tenants", index, frozenset(), reason)


_QUEUE = "The job queue: arguments are ids only, and each job binds the tenant that its message names."

ALLOWED = (
    _readable("account", "Logins belong to the outsourcer, not to a shop.", STAFF, WORKER),
    _readable("role_grant", "Says who may do what for which shop; read in order to bind.", STAFF, WORKER),
    _readable("login_session", "Read before any shop is known: it says who is there.", STAFF),
    _readable("throttle_bucket", "Counts failed logins before anybody is known.", STAFF),
    _readable("audit_entry", "The outsourcer's own record of who did what.", STAFF, WORKER),
    _readable("alert", "What the outsourcer must act on; holds no personal data.", STAFF, WORKER),
    _readable(
        "directory",
        "Answers whose number, address or call this is before a shop can be bound; holds no personal data.",
        STAFF, MERCHANT, WORKER,
    ),
    _readable(
        "front_door", "Counts changes of a shop's set-up, read with the directory; says nothing else.",
        STAFF, MERCHANT, WORKER,
    ),
    _readable("pool_number", "Numbers of the outsourcer; the directory says who has one.", STAFF, WORKER),
    _readable("seat", "Where a shared agent sits belongs to the outsourcer.", STAFF, WORKER),
    _readable("own_phone", "An agent's own number is the outsourcer's to ring, and no shop's.", STAFF),
    _readable("message_search", "How far one account was searched; names no shop and nobody.", WORKER),
    _readable("agent_profile", "What a shared agent can do belongs to the outsourcer.", STAFF, WORKER),
    _readable("shift", "When a shared agent is to be there belongs to the outsourcer.", STAFF, WORKER),
    _readable("paid_hour", "What an agent's hour costs the outsourcer; it names no shop.", STAFF),
    _readable("presence_interval", "When a shared agent was there belongs to the outsourcer.", STAFF, WORKER),
    _readable("plan", "Plans are the outsourcer's; which shop has one is the agreement's.", STAFF, WORKER),
    _readable("plan_version", "The outsourcer's own prices; they name no shop.", STAFF, WORKER),
    _readable("invoice_issuer", "Who the outsourcer is on its invoices.", STAFF, WORKER),
    _readable("invoice_payer", "The outsourcer's customers; pages show them to operators.", STAFF, WORKER),
    _readable("invoice_payer_shop", "Says whose shops are billed together; see payers.", STAFF, WORKER),
    _readable("invoice_counter", "The last number given out; names nobody.", STAFF, WORKER),
    _readable("procrastinate_jobs", _QUEUE, STAFF, WORKER),
    _readable("procrastinate_events", _QUEUE, STAFF, WORKER),
    _readable("procrastinate_periodic_defers", _QUEUE, STAFF, WORKER),
    _readable("procrastinate_workers", _QUEUE, STAFF, WORKER),
    _unique("line_has_one_desk", "A number leads to one desk, whatever the shop; so says the directory."),
    _unique("uq_call_account_sid_call_sid", "The carrier's own id; nobody but the carrier can choose one."),
    _unique("uq_leg_token_hash", "Hashes of 128 and more random bits; a guess hits nothing."),
    _unique("uq_engagement_live_call", "An agent has one live call, whatever the shop."),
    _unique("uq_invoice_number", "One series of numbers for the outsourcer; the counter chooses them."),
    _unique("uq_shopify_connection_domain", "One Shopify serves one shop; operators set it, who see all."),
    _unique("uq_offer_live_agent", "An agent has one live offer, whatever the shop."),
)  # fmt: skip
"""Each is named with its reason; whoever adds a table adds a tenant to it, or a line here."""


def reason_for(finding: Found, kind: LoginKind | None) -> str | None:
    """Why this finding is allowed; None when it is not."""
    for allowed in ALLOWED:
        if (allowed.check, allowed.subject) == (finding.check, finding.subject) and (
            kind is None or kind in allowed.kinds
        ):
            return allowed.reason
    return None
