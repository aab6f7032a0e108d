"""Who gets in where: one entry for each route, one answer for each of those it lets in.

A new route needs a line here, or ``test_routes.py`` is red. Whoever an entry does not name is refused:
without a live session to the login page, otherwise with the 404 that a random id would get.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.desk_stage import TAB
from tests.support.world import Scene, Who

AGENT, SUPERVISOR, OPERATOR, MERCHANT = Who.AGENT, Who.SUPERVISOR, Who.OPERATOR, Who.MERCHANT
NO_FILE = "00000000-0000-7000-8000-000000000000"
REMARK = {"kind": "comment", "text": "着払いではありません", "version": "{version_id}"}
REPORT_READERS = {SUPERVISOR: 200, OPERATOR: 200, MERCHANT: 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``allowed`` maps each role that gets in to the status it gets, with ids of its own shop."""

    allowed: Mapping[Who, int] = field(default_factory=dict)
    everybody: int | None = None  # doors without a person behind them: the same for all
    form: Mapping[str, str] = field(default_factory=dict)
    scene: Scene | None = None  # what the agent has on the line
    values: Mapping[str, str] = field(default_factory=dict)  # path parameters that are no ids
    repeatable: bool = False  # taking away what is not there succeeds, and changes nothing
    stream: bool = False  # never ends: who gets in is shown in tests/nanori/test_two_processes.py


def staff(status: int = 200, **more: object) -> Case:
    return _case({AGENT: status, SUPERVISOR: status, OPERATOR: status}, more)


def leaders(status: int = 200, **more: object) -> Case:
    return _case({SUPERVISOR: status, OPERATOR: status}, more)


def operators(status: int = 200, **more: object) -> Case:
    return _case({OPERATOR: status}, more)


def merchants(status: int = 200, **more: object) -> Case:
    return _case({MERCHANT: status}, more)


def agents(status: int = 200, **more: object) -> Case:
    return _case({AGENT: status}, more)


def supervisors(status: int = 200, **more: object) -> Case:
    return _case({SUPERVISOR: status}, more)


def quiz_writers(status: int = 200, **more: object) -> Case:
    return _case({SUPERVISOR: status, OPERATOR: status, MERCHANT: status}, more)


def agents_and_supervisors(status: int = 200, **more: object) -> Case:
    return _case({AGENT: status, SUPERVISOR: status}, more)


mail_readers = agents_and_supervisors
speakers = agents_and_supervisors  # whoever may speak in a call


def all_roles(status: int = 200, **more: object) -> Case:
    return _case({AGENT: status, SUPERVISOR: status, OPERATOR: status, MERCHANT: status}, more)


def unsigned() -> Case:
    """Webhooks: nobody here signs as the carrier does, so nobody gets in."""
    return Case(everybody=403)


def file(path: str) -> Case:
    return Case(everybody=200, values={"file_path": path})


def _case(allowed: Mapping[Who, int], more: Mapping[str, object]) -> Case:
    return Case(allowed=allowed, **more)  # type: ignore[arg-type]  # the dataclass checks by its own names


ROUTES: dict[str, Case] = {
    # the door, the start, files
    "GET /": all_roles(303),
    "GET /health": Case(everybody=200),
    "GET /login": Case(everybody=200),
    "POST /login": Case(everybody=401, form={"email": "nobody@nanori.example", "password": "nothing"}),
    "POST /logout": all_roles(303),
    "POST /language": Case(everybody=303, form={"locale": "en", "back": "/"}),
    "GET /live": all_roles(stream=True),
    "GET /static/nanori/{file_path}": file("nanori.css"),
    "GET /static/nanori_app/{file_path}": file("desk/main.js"),
    "GET /static/tenants/{file_path}": file("shops.css"),
    "GET /static/scripts_talk/{file_path}": file("script.css"),
    "GET /static/desks/{file_path}": file("desks.css"),
    "GET /static/interactions/{file_path}": file("log.css"),
    "GET /static/telephony/{file_path}": file("softphone.js"),
    "GET /static/mailroom/{file_path}": file("mail.css"),
    "GET /static/reports/{file_path}": file("reports.css"),
    "GET /static/billing/{file_path}": file("billing.css"),
    "GET /static/vendor/{file_path}": file("htmx.js"),
    # billing
    "GET /billing": operators(),
    "GET /billing/{tenant_id}": operators(),
    "POST /billing/{tenant_id}/counting": operators(422),
    "GET /billing/{tenant_id}/ledger": operators(),
    "GET /billing/{tenant_id}/agreement": operators(),
    "POST /billing/{tenant_id}/agreement": operators(422),
    "POST /billing/{tenant_id}/agreement/{agreement_id}/end": operators(303),
    "POST /billing/{tenant_id}/credits": operators(303),
    "GET /billing/plans": operators(),
    "POST /billing/plans": operators(422),
    "GET /billing/plans/new": operators(),
    "GET /billing/plans/{plan_id}": operators(),
    "GET /billing/plans/{plan_id}/revision": operators(),
    "POST /billing/plans/{plan_id}/revision": operators(422),
    "GET /my-usage": merchants(),
    # shops
    "GET /brand/all.css": all_roles(),
    "GET /brand/{sheet}": all_roles(values={"sheet": "{tenant_id}.css"}),
    "GET /brand/{tenant_id}/logo": Case(),
    "GET /shops": leaders(),
    "POST /shops": operators(422),
    "GET /shops/new": operators(),
    "GET /shops/colour-check": operators(),
    "GET /shops/{tenant_id}": leaders(),
    "GET /shops/{tenant_id}/profile": leaders(),
    "POST /shops/{tenant_id}/profile": operators(422),
    "POST /shops/{tenant_id}/logo": operators(422),
    "GET /shops/{tenant_id}/phrases": leaders(),
    "POST /shops/{tenant_id}/phrases": operators(422),
    "GET /shops/{tenant_id}/phone": leaders(),
    "POST /shops/{tenant_id}/phone": operators(303),
    "POST /shops/{tenant_id}/phone/music": operators(422),
    "POST /shops/{tenant_id}/phone/music/removal": operators(303, repeatable=True),
    "GET /music/{tenant_id}/{file_id}": Case(everybody=404, values={"file_id": NO_FILE}),
    "GET /music/{tenant_id}/{file_id}/{number}": Case(
        everybody=404, values={"file_id": NO_FILE, "number": "1"}
    ),
    "GET /shops/{tenant_id}/hours": leaders(),
    "POST /shops/{tenant_id}/hours": operators(303),
    "GET /shops/{tenant_id}/lines": leaders(),
    "POST /shops/{tenant_id}/lines/numbers": operators(422),
    "POST /shops/{tenant_id}/lines/numbers/{number_id}/removal": operators(303, repeatable=True),
    "POST /shops/{tenant_id}/lines/addresses": operators(422),
    "POST /shops/{tenant_id}/lines/addresses/{address_id}/removal": operators(303, repeatable=True),
    "GET /shops/{tenant_id}/contacts": leaders(),
    "POST /shops/{tenant_id}/contacts": operators(303),
    "GET /shops/{tenant_id}/terms": leaders(),
    "POST /shops/{tenant_id}/terms": operators(422),
    "GET /shops/{tenant_id}/script": leaders(),
    "POST /shops/{tenant_id}/script": leaders(303),
    "POST /shops/{tenant_id}/script/draft": leaders(),
    "POST /shops/{tenant_id}/script/discarding": leaders(303),
    "POST /shops/{tenant_id}/script/approval": leaders(404),
    "POST /shops/{tenant_id}/script/publishing": leaders(409),
    "GET /shops/{tenant_id}/script/file": leaders(),
    "GET /shops/{tenant_id}/script/import": leaders(),
    "POST /shops/{tenant_id}/script/import": leaders(422),
    "GET /shops/{tenant_id}/script/preview": leaders(),
    "GET /shops/{tenant_id}/script/campaigns": leaders(),
    "POST /shops/{tenant_id}/script/campaigns": leaders(422),
    "GET /scripts": Case(allowed={MERCHANT: 200}),
    "GET /scripts/{tenant_id}/{version_id}": Case(values={"version_id": NO_FILE}),
    "POST /scripts/{tenant_id}/{version_id}/approval": Case(values={"version_id": NO_FILE}),
    "POST /scripts/{tenant_id}/{version_id}/refusal": Case(values={"version_id": NO_FILE}),
    # knowledge
    "GET /knowledge": all_roles(),
    "GET /knowledge/questions": leaders(),
    "GET /knowledge/{tenant_id}/new": leaders(),
    "POST /knowledge/{tenant_id}/new": leaders(422),
    "GET /knowledge/{tenant_id}/rules": leaders(),
    "POST /knowledge/{tenant_id}/rules": leaders(303),
    "GET /knowledge/{tenant_id}/{article_id}": all_roles(),
    "GET /knowledge/{tenant_id}/{article_id}/draft": leaders(),
    "POST /knowledge/{tenant_id}/{article_id}/draft": leaders(422),
    "POST /knowledge/{tenant_id}/{article_id}/publication": leaders(303),
    "POST /knowledge/{tenant_id}/{article_id}/discarding": leaders(303),
    "POST /knowledge/{tenant_id}/{article_id}/retirement": leaders(303),
    "POST /knowledge/{tenant_id}/{article_id}/remarks": merchants(303, form=REMARK),
    "GET /knowledge/{tenant_id}/quiz": quiz_writers(),
    "POST /knowledge/{tenant_id}/quiz/rules": leaders(422),
    "GET /knowledge/{tenant_id}/quiz/questions/new": quiz_writers(),
    "POST /knowledge/{tenant_id}/quiz/questions/new": quiz_writers(422),
    "GET /knowledge/{tenant_id}/quiz/questions/{quiz_question_id}": quiz_writers(),
    "POST /knowledge/{tenant_id}/quiz/questions/{quiz_question_id}": quiz_writers(422),
    "POST /knowledge/{tenant_id}/quiz/questions/{quiz_question_id}/confirmation": quiz_writers(303),
    "POST /knowledge/{tenant_id}/quiz/questions/{quiz_question_id}/retirement": quiz_writers(303),
    "GET /agents": leaders(),
    "GET /agents/{agent_id}": leaders(),
    "POST /agents/{agent_id}": leaders(303),
    "GET /my-shops": agents(),
    "GET /my-shops/{tenant_id}": agents(),
    "POST /my-shops/{tenant_id}/reading": agents(303, form={"what": "phrases"}),
    "GET /quiz/{tenant_id}": agents(),
    "POST /quiz/{tenant_id}": agents(303),
    "POST /quiz/{tenant_id}/answers": agents(409),
    "POST /knowledge/{tenant_id}/questions/{question_id}/draft": leaders(303),
    "POST /knowledge/{tenant_id}/questions/{question_id}/dismissal": leaders(303),
    "GET /knowledge/{tenant_id}/contacts/{interaction_id}/found": agents_and_supervisors(),
    "POST /knowledge/{tenant_id}/contacts/{interaction_id}/uses": agents_and_supervisors(
        form={"article": "{article_id}"}
    ),
    "POST /knowledge/{tenant_id}/contacts/{interaction_id}/questions": agents_and_supervisors(
        form={"asked": "冷凍できますか"}
    ),
    "POST /knowledge/{tenant_id}/notices/{article_id}/reading": agents(204),
    "GET /faq/{slug}": Case(everybody=404, values={"slug": "nowhere"}),
    "GET /faq/{slug}/brand.css": Case(everybody=404, values={"slug": "nowhere"}),
    "GET /faq/{slug}/logo": Case(everybody=404, values={"slug": "nowhere"}),
    # desks and rosters
    "GET /seasons": leaders(),
    "GET /seasons/new": leaders(),
    "GET /shops/{tenant_id}/seasons/new": leaders(),
    "POST /shops/{tenant_id}/seasons/new": leaders(422),
    "POST /shops/{tenant_id}/seasons/sketch": leaders(),
    "GET /seasons/{tenant_id}/{season_id}": leaders(),
    "POST /seasons/{tenant_id}/{season_id}": leaders(422),
    "POST /seasons/{tenant_id}/{season_id}/moves": leaders(409, form={"to": "paused"}),
    "POST /seasons/{tenant_id}/{season_id}/test-calls": leaders(303),
    "POST /seasons/{tenant_id}/{season_id}/confirmations": leaders(303),
    "POST /seasons/{tenant_id}/{season_id}/memo": leaders(303),
    "GET /staffing": leaders(),
    "GET /staffing/what-if": leaders(),
    "GET /staffing/forecast": leaders(),
    "GET /staffing/pool": leaders(),
    "GET /staffing/adherence": Case(allowed={SUPERVISOR: 200}),
    "POST /staffing/{tenant_id}/{desk_id}/away": leaders(303, form={"away_percent": "10"}),
    "GET /staffing/shifts": leaders(),
    "POST /staffing/shifts": leaders(303),
    "POST /staffing/shifts/copy": leaders(303),
    "POST /staffing/shifts/hours": leaders(422),
    "GET /desks": leaders(),
    "GET /shops/{tenant_id}/desk": leaders(303),
    "GET /desks/{tenant_id}/{desk_id}": leaders(),
    "GET /desks/{tenant_id}/{desk_id}/callers": leaders(),
    "POST /desks/{tenant_id}/{desk_id}/callers": leaders(303, form={"unattended": "voicemail"}),
    "POST /desks/{tenant_id}/{desk_id}/times": leaders(
        303, form={"ring_seconds": "20", "wrapup_seconds": "60", "max_wait_seconds": "300"}
    ),
    "POST /desks/{tenant_id}/{desk_id}/sharing": leaders(
        303, form={"weight": "2", "reserved_agents": "1", "overflow_after_seconds": "30", "max_waiting": "0"}
    ),
    "POST /desks/{tenant_id}/{desk_id}/certificate": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/overflow": leaders(303),
    "POST /desks/{tenant_id}/{desk_id}/agents/{agent_id}/place": leaders(303, form={"level": "2"}),
    "POST /desks/{tenant_id}/{desk_id}/agents": leaders(303, form={"agent": "{agent_id}", "level": "2"}),
    "POST /desks/{tenant_id}/{desk_id}/agents/{agent_id}/removal": leaders(303),
    # what an operator must act on
    "GET /alerts": leaders(),
    "GET /alerts/count": leaders(),
    "POST /alerts/{alert_id}/clearing": leaders(303),
    # the log
    "GET /interactions": staff(),
    "GET /interactions/{tenant_id}/{interaction_id}": staff(),
    "GET /interactions/{tenant_id}/{interaction_id}/recordings/{recording_id}": staff(),
    # orders
    "GET /orders": _case({SUPERVISOR: 200, OPERATOR: 200, MERCHANT: 303}, {}),
    "GET /orders/{tenant_id}": _case(REPORT_READERS, {}),
    "POST /orders/{tenant_id}/files": _case({SUPERVISOR: 422, OPERATOR: 422, MERCHANT: 422}, {}),
    "POST /orders/{tenant_id}/shopify": operators(
        303, form={"domain": "{tenant_id}.myshopify.com", "token": "invented-token-of-a-test"}
    ),
    "POST /orders/{tenant_id}/shopify/readings": leaders(303),
    "POST /orders/{tenant_id}/shopify/removal": operators(303, repeatable=True),
    "GET /orders/{tenant_id}/readings/{reading_id}": _case(REPORT_READERS, {}),
    "POST /orders/{tenant_id}/readings/{reading_id}": _case(REPORT_READERS, {}),
    "POST /orders/{tenant_id}/readings/{reading_id}/again": _case(
        {SUPERVISOR: 303, OPERATOR: 303, MERCHANT: 303}, {}
    ),
    "GET /orders/{tenant_id}/readings/{reading_id}/rest": _case(REPORT_READERS, {}),
    "GET /orders/{tenant_id}/contacts/{interaction_id}/found": staff(),
    "POST /orders/{tenant_id}/contacts/{interaction_id}/inquiries": staff(303, form={"order": "{order_id}"}),
    "GET /inquiries": staff(),
    "GET /inquiries/{tenant_id}/{inquiry_id}": staff(),
    "POST /inquiries/{tenant_id}/{inquiry_id}": staff(422),
    # the agent's desk
    "GET /desk": agents(),
    "GET /desk/panel": agents(),
    "GET /desk/telephone": agents(),
    "POST /desk/telephone": agents(303, form={"to": "090-1234-5678"}),
    "POST /desk/seat": agents(204, form={"tab": TAB}),
    "POST /desk/phone-problem": agents(
        204, form={"tab": TAB, "kind": "microphone"}, scene=Scene.RINGING
    ),
    "POST /desk/answering": agents(204, form={"by": "browser", "tab": TAB}, scene=Scene.RINGING),
    "POST /desk/beat": agents(204, form={"tab": TAB}, scene=Scene.RINGING),
    "POST /desk/presence": agents(204, form={"state": "ready", "tab": TAB}),
    "POST /offers/{offer_id}/acceptance": agents(
        form={"tab": TAB, "shop": "{tenant_id}", "call": "{call_id}", "phrase": "{phrase_id}"},
        scene=Scene.RINGING,
    ),
    "POST /offers/{offer_id}/refusal": agents(204, scene=Scene.RINGING),
    "POST /calls/{call_id}/hold": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/resumption": agents(204, scene=Scene.HELD),
    "POST /calls/{call_id}/recording-pause": agents(409, scene=Scene.TALKING),
    "POST /calls/{call_id}/recording-resumption": agents(409, scene=Scene.TALKING),
    "POST /calls/{call_id}/ending": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/consultation": agents(204, form={"desk": "{desk_id}"}, scene=Scene.TALKING),
    "POST /calls/{call_id}/consultation-ending": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/transfer": agents(204, form={"desk": "{desk_id}"}, scene=Scene.TALKING),
    "POST /calls/{call_id}/escalation": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/escalation-cancellation": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/handover": agents(409, scene=Scene.TALKING),
    "POST /calls/{call_id}/wrap-up": agents(204, form={"next": "ready"}, scene=Scene.WRAPPING_UP),
    "POST /calls/{call_id}/help": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/help-cancellation": agents(204, scene=Scene.TALKING),
    "POST /calls/{call_id}/supervision": supervisors(409, form={"mode": "listen"}, scene=Scene.WRAPPING_UP),
    "POST /calls/{call_id}/supervision-ending": supervisors(204, scene=Scene.TALKING),
    "POST /interactions/{interaction_id}/notes": agents(204, form={"notes": "a"}, scene=Scene.TALKING),
    "POST /interactions/{interaction_id}/addition": agents(204, form={"notes": "a"}, scene=Scene.WRAPPING_UP),
    "POST /interactions/{interaction_id}/captured": agents(
        204, form={"key": "order", "value": "1"}, scene=Scene.TALKING
    ),
    "POST /interactions/{interaction_id}/talk": agents(form={"step": "s1"}, scene=Scene.TALKING),
    "POST /shops/{tenant_id}/calls": agents(409, form={"tab": "no seat", "to": "090-1111-2222"}),
    "POST /callbacks/{tenant_id}/{callback_id}/cancellation": agents_and_supervisors(303),
    "GET /softphone/token": speakers(),
    "POST /softphone/connection": speakers(204, form={"leg": "a token"}),
    "POST /softphone/disconnection": speakers(204),
    # the supervisor's floor
    "GET /shops/{tenant_id}/escalation": leaders(),
    "POST /shops/{tenant_id}/escalation": leaders(422),
    "POST /shops/{tenant_id}/escalation/removal": leaders(303),
    "GET /shops/{tenant_id}/escalation/on-call": leaders(),
    "POST /shops/{tenant_id}/escalation/on-call": leaders(422),
    "POST /shops/{tenant_id}/escalation/on-call/{period_id}/removal": leaders(
        303, values={"period_id": NO_FILE}, repeatable=True
    ),
    "GET /shops/{tenant_id}/escalation/limits": leaders(),
    "POST /shops/{tenant_id}/escalation/limits": leaders(303),
    # questions to a shop
    "GET /questions": staff(),
    "GET /questions/{tenant_id}/about/{interaction_id}": staff(),
    "POST /questions/{tenant_id}/about/{interaction_id}": staff(422),
    "GET /questions/{tenant_id}/{asked_id}": staff(),
    "POST /questions/{tenant_id}/{asked_id}/{deed}": staff(303, values={"deed": "acknowledgement"}),
    "GET /shop-questions": merchants(),
    "POST /shop-questions/{tenant_id}/{asked_id}/acknowledgement": merchants(303),
    "POST /shop-questions/{tenant_id}/{asked_id}/answer": merchants(422),
    "POST /shop-questions/{tenant_id}/limits": merchants(303),
    "GET /floor": leaders(),
    "GET /floor/parts": leaders(),
    "GET /floor/wall": leaders(),
    "GET /floor/wall/parts": leaders(),
    "GET /floor/calls/{tenant_id}/{call_id}": leaders(),
    "GET /floor/agents/{agent_id}": leaders(),
    "GET /floor/agents/{agent_id}/telephone": leaders(),
    "POST /floor/agents/{agent_id}/telephone": leaders(303, form={"to": "090-1234-5678"}),
    "POST /floor/agents/{agent_id}/presence": leaders(303, form={"state": "break", "reason": "lunch"}),
    "GET /floor/desks/{tenant_id}/{desk_id}": leaders(),
    "POST /floor/desks/{tenant_id}/{desk_id}/agents": leaders(303, form={"agent": "{agent_id}"}),
    "POST /floor/desks/{tenant_id}/{desk_id}/agents/{agent_id}/removal": leaders(303),
    "POST /floor/desks/{tenant_id}/{desk_id}/overflow": leaders(303, form={"minutes": "15"}),
    "POST /floor/desks/{tenant_id}/{desk_id}/overflow-closing": leaders(303),
    "POST /floor/desks/{tenant_id}/{desk_id}/alarms": leaders(422),
    # mail
    "GET /mail": mail_readers(),
    "GET /mail/set-aside": leaders(),
    "GET /mail/{tenant_id}/{case_id}": mail_readers(),
    "GET /mail/{tenant_id}/attachments/{attachment_id}": mail_readers(),
    "POST /mail/{tenant_id}/{case_id}/taking": mail_readers(303),
    "POST /mail/{tenant_id}/{case_id}/release": mail_readers(303),
    "POST /mail/{tenant_id}/{case_id}/draft": mail_readers(form={"text": "a"}),
    "POST /mail/{tenant_id}/{case_id}/answers": mail_readers(409, form={"text": "a", "version": "99"}),
    "POST /mail/{tenant_id}/{case_id}/closing": mail_readers(303, form={"version": "1"}),
    "POST /mail/{tenant_id}/outbox/{outgoing_id}/sending": mail_readers(303),
    "POST /mail/{tenant_id}/set-aside/{raw_id}/filing": leaders(303),
    "GET /demo/mail": staff(),
    "GET /demo/mail/{tenant_id}/{outgoing_id}": staff(),
    # the simulated telephone of the demo; it does not exist in a house that is no demo
    "GET /demo/carrier": Case(everybody=404),
    "GET /demo/carrier/lines": Case(everybody=404),
    "GET /demo/carrier/logos/{slug}": Case(everybody=404, values={"slug": "minato-coffee"}),
    "GET /demo/carrier/timeline": Case(everybody=404),
    "POST /demo/carrier/calls": Case(everybody=404),
    "POST /demo/carrier/legs/{sid}/{deed}": Case(everybody=404, values={"sid": "CA1", "deed": "hang-up"}),
    # monthly reports
    "GET /reports": _case(REPORT_READERS, {}),
    "POST /reports": leaders(303, form={"month": "2026-10", "shop": "{tenant_id}"}),
    "GET /reports/{tenant_id}/{month}/report.pdf": _case(REPORT_READERS, {"values": {"month": "2026-10"}}),
    "GET /months": leaders(),
    "POST /months": leaders(303, form={"month": "2026-10", "shop": "ready"}),
    "GET /months/{tenant_id}/{month}": leaders(values={"month": "2026-10"}),
    "POST /months/{tenant_id}/{month}/reopening": leaders(
        409, values={"month": "2026-10"}, form={"reason": "x"}
    ),
    "GET /months/{tenant_id}/{month}/{figure}": leaders(values={"month": "2026-10", "figure": "offered"}),
    "GET /reports/{tenant_id}/{month}/figures.json": _case(REPORT_READERS, {"values": {"month": "2026-10"}}),
    # the carrier
    **{
        f"POST /tw/{path}": unsigned()
        for path in (
            "app", "in", "fallback", "fallback/message", "cb/debugger", "cb/call",
            "cb/conf/{call_id}", "cb/rec/{call_id}", "v/{call_id}/ivr", "v/{call_id}/wait",
            "v/{call_id}/callback", "v/{call_id}/picked-up", "v/{call_id}/ringing",
            "v/{call_id}/connect", "v/{call_id}/dequeued", "v/{call_id}/after-dial", "v/{call_id}/hold",
            "v/{call_id}/rescue", "v/{call_id}/requeue", "v/{call_id}/vm", "v/{call_id}/leg/{leg_id}/after",
            "v/{call_id}/leg/{leg_id}/screen", "v/{call_id}/leg/{leg_id}/decision",
            "v/{call_id}/esc/{attempt_id}/screen", "v/{call_id}/esc/{attempt_id}/decision",
        )
    },
}  # fmt: skip
