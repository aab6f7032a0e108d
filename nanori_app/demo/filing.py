"""What belongs to one past contact beside the log: call and legs, escalation, case, letters."""

from datetime import datetime, timedelta
from typing import Final

from interactions.values import AttemptState, CaseState, Channel, EventKind, Outcome, RunState
from mailroom.values import Direction
from nanori_app.demo.archive import Archive, Row
from nanori_app.demo.decisions import file_decision
from nanori_app.demo.past import Past, seconds
from nanori_app.demo.shops import SET_UPS, calendar_for
from nanori_app.demo.surveys import Surveys
from telephony.values import TERMINAL, CallState, LegRole, LegState
from tenants.hours import after_business_time

CALLED_BACK_AFTER: Final = timedelta(hours=30)
SIGNATURE: Final = {"ja": "――\n{brand} カスタマーサポート", "en": "--\nThe team at {brand}"}
VOICEMAIL: Final = {"ja": "留守番電話のご用件", "en": "Voicemail"}


class Filing:
    """Files the contacts of one shop, in the order of their arrival."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._cases: dict[int, Row] = {}  # of each mail, by its identity
        self._last_message: dict[int, str] = {}
        self._surveys = Surveys(archive)

    def file(self, past: Past) -> None:
        """One contact as far as it has come by now. Of a call that is not over nothing is filed."""
        happened = [one for one in past.happenings if one.at <= self._archive.now]
        is_over = len(happened) == len(past.happenings)
        if not happened or (past.channel is Channel.PHONE and not is_over):
            return
        row = self._archive.interaction(past, happened)
        if past.channel is Channel.PHONE:
            self._file_call(past, row)
        else:
            self._file_mail(past, row, is_over=is_over)

    def _file_call(self, past: Past, row: Row) -> None:
        archive = self._archive
        call = archive.keep(
            "call", id=archive.new_id(past.at), interaction_id=row["id"], direction="inbound",
            call_sid=self._sid(),
            account_sid=archive.ids.account_sid, state=CallState.CLOSED,
            from_number=past.person and past.person.phone, to_number=archive.part.number,
            desk_id=archive.ids.desk_id, turn=int(row["queued_at"] is not None), queue_sid=None,
            conference_sid=None, caller_joined_at=row["answered_at"], held_since=None,
            started_at=past.at, ended_at=row["ended_at"], settled_at=row["ended_at"], status_rank=TERMINAL,
        )  # fmt: skip
        if row["answered_at"] is not None:
            self._leg(call, LegRole.AGENT, row["answered_at"], row["let_go_at"], answered=row)
        if past.of(EventKind.VOICEMAIL_LEFT) is not None:
            row["case_id"] = self._case_of_message(past)["id"]
        if past.attempts:
            self._file_escalation(past, row, call)

    def _file_escalation(self, past: Past, row: Row, call: Row) -> None:
        archive = self._archive
        reached = not past.attempts[-1].failure
        contacts = SET_UPS[past.shop].contacts
        run = archive.keep(
            "escalation_run", id=archive.new_id(past.attempts[0].at), interaction_id=row["id"],
            state=RunState.CLOSED if reached else RunState.EXHAUSTED,
            contacts=[
                {"name": one.name, "phone": one.phone, "ring_seconds": one.ring_seconds} for one in contacts
            ],
            step=len(past.attempts) - 1, started_by=row["agent_id"], started_at=past.attempts[0].at,
            ended_at=row["ended_at"] if reached else past.attempts[-1].until,
        )  # fmt: skip
        for step, tried in enumerate(past.attempts):
            attempt = archive.keep(
                "escalation_attempt", id=archive.new_id(tried.at), run_id=run["id"], step=step,
                state=AttemptState.FAILED if tried.failure else AttemptState.ACCEPTED,
                started_at=tried.at, due_at=tried.at + timedelta(seconds=35), ended_at=tried.until,
                failure=tried.failure or None,
            )  # fmt: skip
            joined = None if tried.failure else tried.until + seconds(1.2)
            left = tried.until if tried.failure else row["ended_at"]
            self._leg(call, LegRole.CONTACT, joined, left, attempt=attempt)

    def _leg(
        self,
        call: Row,
        role: LegRole,
        joined: datetime | None,
        left: datetime,
        *,
        answered: Row | None = None,
        attempt: Row | None = None,
    ) -> None:
        """The agent's leg when ``answered`` (the interaction) is given, else a contact's."""
        archive = self._archive
        created: datetime = attempt["started_at"] if attempt else joined or left
        archive.keep(
            "leg", id=archive.new_id(created), call_id=call["id"], role=role,
            state=LegState.LEFT if joined else LegState.FAILED,
            agent_id=answered and answered["agent_id"], offer_id=None, attempt_id=attempt and attempt["id"],
            by_phone=False,
            call_sid=self._sid(), token_hash=None, token_expires_at=None, status_rank=TERMINAL,
            phrase_id=answered and answered["phrase_id"],
            confirmed_at=answered and answered["name_confirmed_at"],
            created_at=created, joined_at=joined, left_at=left,
        )  # fmt: skip

    def _case_of_message(self, past: Past) -> Row:
        """Somebody calls back within a day or so; then it is done."""
        called_back = past.at + CALLED_BACK_AFTER
        done = called_back <= self._archive.now
        return self._archive.case(
            VOICEMAIL[self._archive.part.locale], past,
            state=CaseState.DONE if done else CaseState.OPEN, closed_at=called_back if done else None,
        )  # fmt: skip

    def _file_mail(self, past: Past, row: Row, *, is_over: bool) -> None:
        case = self._cases.get(id(past.thread)) or self._case_of_mail(past)
        self._cases[id(past)] = case
        row["case_id"] = case["id"]
        if past.thread is not None:
            case["version"] += 1
        if is_over:
            done = CaseState.DONE if past.outcome is Outcome.REPLIED else CaseState.NO_ACTION
            case |= {"state": done, "closed_at": past.last_at, "due_at": None}
        else:
            case |= {"state": CaseState.OPEN, "closed_at": None, "due_at": self._due_at(past)}
        self._write(past, row, case, is_over=is_over)
        if past.decision and is_over:
            file_decision(self._archive, row, past.decision)

    def _case_of_mail(self, past: Past) -> Row:
        subject = past.written.subject if past.written else ""
        return self._archive.case(subject, past, state=CaseState.OPEN, closed_at=None)

    def _due_at(self, past: Past) -> datetime | None:
        calendar = calendar_for(past.shop, past.at.year)
        within = timedelta(minutes=SET_UPS[past.shop].terms.mail_within_minutes)
        return after_business_time(calendar, past.at, within)

    def _write(self, past: Past, row: Row, case: Row, *, is_over: bool) -> None:
        """The shopper's mail and, once it is written, the answer."""
        if past.written is None:
            return
        part, written, person = self._archive.part, past.written, past.person
        name = person.name if person else ""
        address = person.mail if person else "noreply@news.example"
        before = self._last_message.get(id(past.thread), "")
        asked = self._message(
            row, case, at=past.at, direction=Direction.INBOUND, from_address=address, from_name=name,
            to_address=part.mail_address, answer_to=person.mail if person else "", subject=written.subject,
            text=written.text + "\n", before=before, automatic=person is None,
        )  # fmt: skip
        self._last_message[id(past)] = asked
        if is_over and written.answer:
            signed = f"{written.answer}\n\n{SIGNATURE[part.locale].format(brand=part.brand_name)}\n"
            self._last_message[id(past)] = self._message(
                row, case, at=row["first_reply_at"], direction=Direction.OUTBOUND,
                from_address=part.mail_address, from_name=part.brand_name, to_address=address, answer_to="",
                subject=f"Re: {written.subject.removeprefix('Re: ')}", text=signed, before=asked,
                written_by=row["agent_id"],
            )  # fmt: skip
            self._surveys.file(past, row, self._archive.rows["message"][-1])

    def _message(self, row: Row, case: Row, *, before: str, **facts: object) -> str:
        archive = self._archive
        host = str(facts["from_address"]).partition("@")[2]
        header = f"<{archive.chance.getrandbits(64):016x}@{host}>"
        defaults: Row = {"written_by": None, "automatic": False, "possibly": [], "notes": [], "html": None}
        archive.keep(
            "message",
            id=archive.new_id(row["arrived_at"]),
            raw_id=None,
            case_id=case["id"],
            interaction_id=row["id"],
            message_id_header=header,
            in_reply_to=before,
            references=[before] if before else [],
            **(defaults | facts),
        )
        return header

    def _sid(self) -> str:
        return f"CA{self._archive.chance.getrandbits(128):032x}"
