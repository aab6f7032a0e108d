"""Forms of the shop set-up."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile
from wtforms import BooleanField
from wtforms.validators import DataRequired, Optional

from nanori.errors import InvalidInput
from nanori.web.forms import (
    AddressField,
    AtMost,
    Between,
    ChoiceField,
    ColourField,
    Form,
    LongTextField,
    NumberField,
    PhoneField,
    ReadingField,
    TextField,
)
from nanori.words import N_
from tenants.commands import Profile, Terms
from tenants.values import ServiceLevelLetter

LONGEST_PHRASE = 200


class ProfileForm(Form):
    brand_name = TextField(N_("Brand name"), [DataRequired(), AtMost(40)])
    brand_reading = ReadingField(N_("Reading of the brand name"), [DataRequired(), AtMost(60)])
    legal_name = TextField(N_("Legal name"), [DataRequired(), AtMost(80)])
    trade = TextField(N_("Trade"), [AtMost(80)])
    colour = ColourField(N_("Brand colour"), [DataRequired()])
    locale = ChoiceField(
        N_("Language of callers and reports"), choices=[("ja", "日本語"), ("en", "English")], default="ja"
    )

    def profile(self) -> Profile:
        return Profile(
            legal_name=self.legal_name.value,
            brand_name=self.brand_name.value,
            brand_reading=self.brand_reading.value,
            trade=self.trade.value,
            colour=self.colour.value,
            locale=self.locale.data,
        )


class NewShopForm(ProfileForm):
    slug = TextField(N_("Short name for addresses"), [DataRequired()])


class PhoneForm(Form):
    records_calls = BooleanField(N_("Record calls"))
    recording_notice = LongTextField(N_("After the greeting"), [AtMost(LONGEST_PHRASE)])
    tells_agent_when_supervised = BooleanField(N_("Tell agents when a supervisor is on the line"))


class AnnouncementForm(Form):
    closed_message = LongTextField(N_("Out of hours"), [AtMost(LONGEST_PHRASE)])


class NumberForm(Form):
    number = PhoneField(N_("Phone number"), [DataRequired()])
    number_label = TextField(N_("Name of the line"), [AtMost(40)])


class AddressForm(Form):
    address = AddressField(N_("Mail address"), [DataRequired()])
    address_label = TextField(N_("Name of the mailbox"), [AtMost(40)])


LETTERS = [
    ("A", N_("A: answered in time ÷ all answered or abandoned")),
    ("B", N_("B: as A, without calls abandoned at once")),
    ("C", N_("C: answered in time or abandoned at once ÷ all")),
    ("D", N_("D: as A, without calls abandoned in time")),
    ("E", N_("E: answered or abandoned in time ÷ all")),
    ("F", N_("F: answered in time ÷ answered")),
]


class TermsForm(Form):
    letter = ChoiceField(N_("Formula of the service level"), choices=LETTERS, default="A")
    second_letter = ChoiceField(
        N_("Second formula in reports"), choices=[("", N_("None")), *LETTERS], default=""
    )
    answer_within_seconds = NumberField(N_("Answer within (seconds)"), [DataRequired(), Between(1, 600)])
    target_percent = NumberField(N_("Target (%)"), [DataRequired(), Between(1, 100)])
    short_abandon_seconds = NumberField(
        N_("Abandoned at once: up to (seconds)"), [Optional(), Between(0, 60)]
    )
    mail_within_hours = NumberField(
        N_("Answer mails within (business hours)"), [DataRequired(), Between(1, 240)]
    )
    counts_out_of_hours = BooleanField(N_("Calls out of hours count as offered"))

    def terms(self) -> Terms:
        second = self.second_letter.data
        return Terms(
            letter=ServiceLevelLetter(self.letter.data),
            second_letter=ServiceLevelLetter(second) if second else None,
            answer_within_seconds=self.answer_within_seconds.data or 0,
            target_percent=self.target_percent.data or 0,
            short_abandon_seconds=self.short_abandon_seconds.data or 0,
            mail_within_minutes=(self.mail_within_hours.data or 0) * 60,
            counts_out_of_hours=self.counts_out_of_hours.data,
        )


async def uploaded(
    request: Request[Any, Any, Any], field: str, *, at_most: int, nothing: str
) -> tuple[str, bytes]:
    """Name and content of one uploaded file; of one that is too large, one byte more than ``at_most``.

    Raises:
        InvalidInput: no file was chosen; ``nothing`` says which ones there may be.
    """
    upload = (await request.form()).get(field)
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise InvalidInput({field: nothing})
    return upload.filename, await upload.read(at_most + 1)
