"""What the list of reports can be asked for."""

from collections.abc import Sequence
from datetime import date

from wtforms import SelectField

from nanori.web.forms import Form, Posted
from nanori.words import N_, Words
from reports.values import month_text, months_back, parse_month
from tenants.models import Tenant

MONTHS_SHOWN = 13
EVERY = "all"


class ReportFilter(Form):
    """Shop and month, as GET parameters: at first all shops and the month that has ended last."""

    shop = SelectField(N_("Shop"), default=EVERY)
    month = SelectField(N_("Month"))

    def __init__(self, posted: Posted | None, *, words: Words, shops: Sequence[Tenant], today: date) -> None:
        self.months = months_back(today, MONTHS_SHOWN)
        super().__init__(posted or None, words=words, month=month_text(self.months[1]))
        self.shops = shops
        self.shop.choices = [
            (EVERY, words.gettext("All shops")),
            *((one.slug, one.brand_name) for one in shops),
        ]
        self.month.choices = [
            (EVERY, words.gettext("All months")),
            *((month_text(month), _named(words, month, today)) for month in self.months),
        ]
        if posted:
            self.shop.data = self.shop.data or EVERY
            self.month.data = self.month.data or month_text(self.months[1])

    @property
    def wanted_shops(self) -> list[Tenant]:
        return [one for one in self.shops if self.shop.data in {EVERY, one.slug}]

    @property
    def wanted_months(self) -> list[date]:
        """Newest first."""
        return self.months if self.month.data == EVERY else [parse_month(self.month.data)]

    @property
    def is_open(self) -> bool:
        """Nothing narrows the list: it shows what there is, not what there might be."""
        return {self.shop.data, self.month.data} == {EVERY}

    @property
    def query(self) -> str:
        return f"shop={self.shop.data}&month={self.month.data}"


def _named(words: Words, month: date, today: date) -> str:
    said = words.month(month)
    if (month.year, month.month) == (today.year, today.month):
        return words.gettext("{month} (so far)", month=said)
    return said
