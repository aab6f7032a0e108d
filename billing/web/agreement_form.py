"""What is typed of an agreement, and of a credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from billing.plans.commands import Signed
from billing.plans.plan import Option
from billing.plans.promise import Promise, read_steps
from nanori.web.forms import AtMost, Between, Form, NumberField, Posted, TextField
from nanori.words import N_, Words

MOST_SEATS = 500
MOST_OF_AN_OPTION = 100
MOST_YEN = 100_000_000
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be agreed with one shop: plans and desks with their names, options of any of the plans."""

    plans: Sequence[tuple[UUID, str]]
    desks: Sequence[tuple[UUID, str]]
    options: Sequence[Option]


class AgreementForm(Form):
    plan_id = SelectField(N_("Plan"), [DataRequired()])
    desk_id = SelectField(N_("For"))
    valid_from = DateField(N_("First day"), [DataRequired()])
    last_day = DateField(N_("Last day"), [Optional()], description=N_("Empty: until further notice."))
    seats = NumberField(N_("Seats"), [InputRequired(), Between(0, MOST_SEATS)], default=0)
    with_set_up = BooleanField(N_("Bill the set-up fee with the first month"))
    shows_others = BooleanField(N_("Show the shop what its months would have cost on the other plans"))

    credit_steps = TextField(
        N_("Credit for a missed service level"), [AtMost(80)],
        description=N_(
            "Below how many per cent of the month how many per cent of the base fee are given back:"
            " 80 5, 70 10. Empty: none."
        ),
    )  # fmt: skip
    credit_most = NumberField(
        N_("At most, yen a month"), [Optional(), Between(1, MOST_YEN)],
        description=N_("Empty: up to the base fee."),
    )  # fmt: skip

    def __init__(
        self, posted: Posted | None = None, *, words: Words, offer: "Offer", **initial: object
    ) -> None:
        super().__init__(posted, words=words, **initial)
        self.plan_id.choices = [(str(key), name) for key, name in offer.plans]
        whole = words.gettext(N_("The whole shop"))
        self.desk_id.choices = [("", whole), *((str(key), name) for key, name in offer.desks)]
        self.counts = {
            one.code: str(posted.getall(f"option-{one.code}", [""])[0]).strip() if posted else ""
            for one in offer.options
        }

    def validate_credit_steps(self, field: TextField) -> None:
        """As WTForms calls it: steps that can be read, each lower one giving more."""
        try:
            read_steps(field.value)
        except ValueError as unread:
            said = N_("Please write pairs like 80 5, 70 10; a lower level gives more back.")
            raise ValidationError(field.gettext(said)) from unread

    def signed(self) -> Signed:
        """What was typed and is valid; options that are left empty are not agreed."""
        last, steps = self.last_day.data, read_steps(self.credit_steps.value)
        counts = {code: int(typed) for code, typed in self.counts.items() if typed.isdecimal() and int(typed)}
        return Signed(
            plan_id=UUID(self.plan_id.data),
            desk_id=UUID(self.desk_id.data) if self.desk_id.data else None,
            valid_from=self.valid_from.data or date.min,
            valid_until=last + A_DAY if last else None,
            seats=self.seats.data or 0,
            with_set_up=self.with_set_up.data,
            shows_others=self.shows_others.data,
            promise=Promise(steps, self.credit_most.data) if steps else None,
            options={code: min(count, MOST_OF_AN_OPTION) for code, count in counts.items()},
        )


class CreditForm(Form):
    label = TextField(N_("What for"), [DataRequired(), AtMost(80)])
    amount_yen = NumberField(
        N_("Yen given back"), [DataRequired(), Between(-MOST_YEN, MOST_YEN)],
        description=N_("Less than nought takes a credit back."),
    )  # fmt: skip
    month = TextField(N_("In the bill of"), [DataRequired()])
    is_damages = BooleanField(N_("Damages, not a lower price: without tax"))
