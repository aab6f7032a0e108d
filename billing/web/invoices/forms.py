"""What people type about invoices."""

from collections.abc import Sequence

from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput

from billing.charges import TaxRate
from billing.invoices.document import Document, Issuer, Payer
from billing.invoices.due import DueRule, Shift
from billing.invoices.models import InvoiceIssuer
from billing.invoices.paper.sheet import RATE_NAMES
from billing.invoices.parties import Billing
from billing.invoices.queries import Search
from billing.invoices.sheets import Encoding
from billing.invoices.tax import Rounding
from nanori.text import code_like
from nanori.web.forms import AtMost, Between, ChoiceField, Form, LongTextField, NumberField, Posted, TextField
from nanori.words import N_, Words
from tenants.models import Tenant

MOST_YEN = 10**12
ROUNDINGS = (
    (Rounding.FLOOR.value, N_("Round down")),
    (Rounding.HALF_UP.value, N_("Round half up")),
    (Rounding.CEIL.value, N_("Round up")),
)
SHIFTS = (
    (Shift.NEXT.value, N_("the next banking day")),
    (Shift.PREVIOUS.value, N_("the banking day before")),
    (Shift.STAY.value, N_("stays on that day")),
)
_HERE = InputRequired(N_("This field is required."))


class SearchForm(Form):
    """The three keys of an archive: day of issue, amount, counterparty."""

    first = DateField(N_("Issued from"), validators=[Optional()])
    last = DateField(N_("Issued until"), validators=[Optional()])
    least = NumberField(N_("Yen from"), validators=[Optional(), Between(-MOST_YEN, MOST_YEN)])
    most = NumberField(N_("Yen until"), validators=[Optional(), Between(-MOST_YEN, MOST_YEN)])
    counterparty = TextField(N_("Counterparty"), validators=[AtMost(100)])

    def wanted(self, after: str) -> Search:
        return Search(
            first=self.first.data, last=self.last.data, least=self.least.data, most=self.most.data,
            counterparty=self.counterparty.value, after=code_like(after),
        )  # fmt: skip


class BooksForm(Form):
    """A period for the accounting program."""

    first = DateField(N_("Issued from"), validators=[_HERE], id="books-first")
    last = DateField(N_("Issued until"), validators=[_HERE], id="books-last")
    encoding = ChoiceField(
        N_("Characters"),
        [(Encoding.UTF_8.value, "UTF-8"), (Encoding.SHIFT_JIS.value, "Shift_JIS")],
        default=Encoding.UTF_8.value,
        id="books-encoding",
    )


class IssuerForm(Form):
    """Who the operator is on its invoices, from a day on."""

    valid_from = DateField(N_("Holds from"), validators=[_HERE])
    name = TextField(N_("Name of the company"), validators=[_HERE, AtMost(120)])
    registration = TextField(N_("Registration number"), validators=[_HERE, AtMost(30)])
    postal_code = TextField(N_("Postal code"), validators=[_HERE, AtMost(12)])
    address = TextField(N_("Address"), validators=[_HERE, AtMost(200)])
    phone = TextField(N_("Phone"), validators=[AtMost(30)])
    bank_account = LongTextField(N_("Bank account"), validators=[_HERE, AtMost(300)])
    rounding = ChoiceField(N_("Parts of a yen in the tax"), ROUNDINGS)
    name_en = TextField(N_("Name of the company in English"), validators=[AtMost(120)])
    address_en = TextField(N_("Address in English"), validators=[AtMost(200)])
    bank_account_en = LongTextField(N_("Bank account in English"), validators=[AtMost(300)])

    def value(self) -> Issuer:
        return Issuer(
            name=self.name.value, registration=self.registration.value, postal_code=self.postal_code.value,
            address=self.address.value, phone=self.phone.value, bank_account=self.bank_account.value,
            rounding=Rounding(self.rounding.data), name_en=self.name_en.value,
            address_en=self.address_en.value, bank_account_en=self.bank_account_en.value,
        )  # fmt: skip


def issuer_form(posted: Posted | None, words: Words, current: InvoiceIssuer | None) -> IssuerForm:
    names = (
        "valid_from", "name", "registration", "postal_code", "address", "phone", "bank_account",
        "name_en", "address_en", "bank_account_en",
    )  # fmt: skip
    initial = {name: getattr(current, name) for name in names} if current else {}
    rounding = current.rounding.value if current else Rounding.FLOOR.value
    return IssuerForm(posted, words=words, rounding=rounding, **initial)


class PayerForm(Form):
    """The legal entity that pays for a shop, and when."""

    name = TextField(N_("Name of the company"), validators=[_HERE, AtMost(120)])
    department = TextField(N_("Department"), validators=[AtMost(80)])
    postal_code = TextField(N_("Postal code"), validators=[AtMost(12)])
    address = TextField(N_("Address"), validators=[_HERE, AtMost(200)])
    registration = TextField(N_("Registration number"), validators=[AtMost(30)])
    locale = ChoiceField(N_("Language of the invoice"), [("ja", "日本語"), ("en", "English")])
    due_months = ChoiceField(
        N_("Paid in"),
        [("0", N_("the month of issue")), ("1", N_("the next month")), ("2", N_("the month after next"))],
    )
    due_day = NumberField(N_("On day (31: the last)"), validators=[_HERE, Between(1, 31)])
    due_shift = ChoiceField(N_("When banks are closed"), SHIFTS)
    sisters = SelectMultipleField(N_("Other shops on the same invoice"), option_widget=CheckboxInput())

    def value(self) -> Payer:
        return Payer(
            name=self.name.value, department=self.department.value, postal_code=self.postal_code.value,
            address=self.address.value, registration=self.registration.value, locale=str(self.locale.data),
        )  # fmt: skip

    @property
    def due(self) -> DueRule:
        return DueRule(int(self.due_months.data), int(self.due_day.data or 0), Shift(self.due_shift.data))


def payer_form(
    posted: Posted | None, words: Words, shop: Tenant, billing: Billing | None, others: Sequence[Tenant]
) -> PayerForm:
    """As stored; for a shop without a payer its own legal name, at the end of the next month."""
    initial: dict[str, object] = {
        "name": shop.legal_name, "locale": shop.locale, "due_months": "1", "due_day": 31,
        "due_shift": Shift.NEXT.value,
    }  # fmt: skip
    if billing is not None:
        names = ("name", "department", "postal_code", "address", "registration", "locale", "due_day")
        initial = {name: getattr(billing.payer, name) for name in names}
        initial |= {"due_months": str(billing.payer.due_months), "due_shift": billing.payer.due_shift.value}
        initial["sisters"] = [str(one) for one in billing.shop_ids[1:]]
    form = PayerForm(posted, words=words, **initial)
    form.sisters.choices = [SelectChoice(str(one.tenant_id), one.brand_name) for one in others]
    return form


class CorrectionForm(Form):
    reason = TextField(N_("Why is it corrected?"), validators=[_HERE, AtMost(120)], id="correct-reason")


class ReturnForm(Form):
    amount = NumberField(N_("Yen given back"), validators=[_HERE, Between(1, MOST_YEN)])
    rate = SelectField(N_("Rate"))
    reason = TextField(N_("Why is it given back?"), validators=[_HERE, AtMost(120)], id="return-reason")

    def __init__(self, posted: Posted | None, *, words: Words, document: Document) -> None:
        super().__init__(posted, words=words)
        self.rate.choices = [
            (one.rate.value, words.gettext(RATE_NAMES[one.rate])) for one in document.summary.rates
        ]

    @property
    def chosen(self) -> TaxRate:
        return TaxRate(self.rate.data)
