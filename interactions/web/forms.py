"""What the log can be asked for."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import Optional, ValidationError

from interactions.log import LogFilter
from interactions.models import Reason
from interactions.values import Channel, HandleKind, Outcome
from interactions.wording import CHANNELS, OUTCOMES, STILL_OPEN
from nanori import text
from nanori.identity.models import Account
from nanori.web.forms import Form, Posted, TextField
from nanori.words import N_, Words
from tenants.models import Tenant

FIRST_YEAR, LAST_YEAR = 2000, 2199
OPEN = "open"
_NUMBER = re.compile(r"(?:(?P<slug>[a-z0-9-]+)?#)?(?P<number>\d{1,7})")
_CASE = re.compile(r"no\.?(?P<number>\d{1,7})")
Choices = list[tuple[str, str]]


def _sane(_: object, field: DateField) -> None:
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(field.gettext("Not a valid date value."))


class LogForm(Form):
    """Filters of the log, as GET parameters. Nothing given asks for everything."""

    since = DateField(N_("Since"), validators=[Optional(), _sane])
    until = DateField(N_("Until"), validators=[Optional(), _sane])
    shop = SelectField(N_("Shop"), default="")
    channel = SelectField(N_("Channel"), default="")
    outcome = SelectField(N_("Outcome"), default="")
    reason = SelectField(N_("Reason"), default="")
    agent = SelectField(N_("Agent"), default="")
    q = TextField(N_("Shopper's number or address, #number, or No. of a case"))

    def __init__(
        self,
        posted: Posted | None,
        *,
        words: Words,
        shops: Sequence[Tenant],
        reasons: Sequence[Reason],
        agents: Sequence[Account],
    ) -> None:
        super().__init__(posted, words=words)
        self.shops, self.reasons = shops, reasons
        self.shop.choices = _or_all(words, [(one.slug, one.brand_name) for one in shops])
        self.channel.choices = _or_all(words, [(one.value, words.gettext(CHANNELS[one])) for one in Channel])
        outcomes = [(OPEN, words.gettext(STILL_OPEN))]
        outcomes += [(one.value, words.gettext(said)) for one, said in OUTCOMES.items()]
        self.outcome.choices = _or_all(words, outcomes)
        self.reason.choices = _or_all(words, _reason_choices(words, reasons))
        self.agent.choices = _or_all(words, [(str(one.id), one.name) for one in agents])
        self._looked_up: tuple[HandleKind, str] | None = None
        self._number: int | None = None
        self._case_number: int | None = None

    def validate_until(self, field: DateField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(self.words.gettext(N_("This day lies before the first one.")))

    def validate_q(self, field: TextField) -> None:
        """A shop's own number, or a shopper: whom only one shop may know."""
        typed = text.code_like(field.data or "").lower()
        if found := _NUMBER.fullmatch(typed):
            self._number = int(found["number"])
            self._choose_shop(found["slug"])
        elif found := _CASE.fullmatch(typed):
            self._case_number = int(found["number"])
        elif typed:
            self._looked_up = self._handle(typed)
            if len(self._shop_ids()) != 1:
                raise ValidationError(
                    self.words.gettext(
                        N_("Choose a shop first: a shopper is looked up inside one shop only.")
                    )
                )

    def wanted(self, zone: ZoneInfo) -> LogFilter:
        """The filter that the valid form describes; days are those of ``zone``."""
        chosen = self.outcome.data
        return LogFilter(
            shops=self._shop_ids(),
            since=_midnight(self.since.data, zone) if self.since.data else None,
            until=_midnight(self.until.data + timedelta(days=1), zone) if self.until.data else None,
            channel=Channel(self.channel.data) if self.channel.data else None,
            outcome=Outcome(chosen) if chosen and chosen != OPEN else None,
            is_open=chosen == OPEN,
            reason_ids=self._reason_ids(),
            agent_id=UUID(self.agent.data) if self.agent.data else None,
            number=self._number,
            case_number=self._case_number,
            handle=self._looked_up,
        )

    @property
    def asked(self) -> list[str]:
        """Names of the filters in use, for the trail: never what was typed into them."""
        return [str(field.name) for field in self if field.data]

    def _handle(self, typed: str) -> tuple[HandleKind, str]:
        try:
            if "@" in typed:
                return HandleKind.MAIL, text.mail_address(typed)
            return HandleKind.PHONE, text.phone_e164(typed)
        except ValueError:
            problem = self.words.gettext(
                N_("Write a whole phone number, a mail address, or a number like #123.")
            )
            raise ValidationError(problem) from None

    def _choose_shop(self, slug: str | None) -> None:
        if slug is None:
            return
        if slug not in {one.slug for one in self.shops} or self.shop.data not in {"", slug}:
            raise ValidationError(self.words.gettext(N_("There is no such shop in this list.")))
        self.shop.data = slug

    def _shop_ids(self) -> frozenset[UUID]:
        return frozenset(one.tenant_id for one in self.shops if self.shop.data in {"", one.slug})

    def _reason_ids(self) -> frozenset[UUID] | None:
        if not self.reason.data:
            return None
        return frozenset(one.id for one in self.reasons if one.code == self.reason.data)


def _or_all(words: Words, choices: Choices) -> list[SelectChoice]:
    return [SelectChoice(code, said) for code, said in [("", words.gettext(N_("All"))), *choices]]


def _reason_choices(words: Words, reasons: Sequence[Reason]) -> Choices:
    """Each code once, however many shops use it."""
    said: dict[str, str] = {}
    for reason in reasons:
        said.setdefault(reason.code, reason.label_ja if words.locale == "ja" else reason.label_en)
    return list(said.items())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
