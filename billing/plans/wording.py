"""How a bill names its lines."""

from dataclasses import dataclass
from decimal import Decimal

from billing.plans.pricing import Band
from billing.plans.promise import Owed
from billing.plans.values import Meter
from nanori.words import N_, Words
from reports.figures import Figure

METERS: dict[Meter, str] = {
    Meter.CALL: N_("Calls handled"),
    Meter.MAIL: N_("Mails answered"),
    Meter.CASE: N_("Cases"),
    Meter.MINUTE: N_("Minutes of talk"),
    Meter.HOUR: N_("Hours of an agent"),
    Meter.SEAT: N_("Seats agreed"),
}
UNITS: dict[Meter, tuple[str, str]] = {
    Meter.CALL: (N_("call"), N_("calls")),
    Meter.MAIL: (N_("mail"), N_("mails")),
    Meter.CASE: (N_("case"), N_("cases")),
    Meter.MINUTE: (N_("minute"), N_("minutes")),
    Meter.HOUR: (N_("hour"), N_("hours")),
    Meter.SEAT: (N_("seat"), N_("seats")),
}
"""Of one, and of any other quantity."""
Days = tuple[int, int]
"""Days covered, and days of the month."""


def unit_said(meter: Meter, quantity: Decimal | int, words: Words) -> str:
    """1 call, 2 calls, 0.5 calls: the unit alone."""
    one, many = UNITS[meter]
    return words.ngettext(one, many, 1 if quantity == 1 else 2)


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of a bill in one language."""

    words: Words

    @property
    def month(self) -> str:
        return self.words.gettext(N_("month"))

    @property
    def once(self) -> str:
        return self.words.gettext(N_("set"))

    def unit(self, meter: Meter, quantity: Decimal) -> str:
        return unit_said(meter, quantity, self.words)

    def base(self, plan: str, days: Days) -> str:
        return self._by_days(self.words.gettext(N_("Base fee, {plan}"), plan=plan), days)

    def option(self, name: str, count: int, days: Days) -> str:
        return self._by_days(name if count == 1 else f"{name} × {count}", days)

    def seats(self, count: int, days: Days) -> str:
        return self._by_days(f"{self.words.gettext(METERS[Meter.SEAT])} × {count}", days)

    def set_up(self, name: str, *, seasonal: bool = False) -> str:
        said = N_("Set-up of a seasonal desk, {name}") if seasonal else N_("Set-up, {name}")
        return self.words.gettext(said, name=name)

    def commitment(self, least: int) -> str:
        return self.words.gettext(N_("Up to the minimum of {amount}"), amount=self.words.money(least))

    def promise(self, owed: Owed, level: Figure, base: int) -> str:
        """Where a credit comes from: the closed figure with its sums, the step, and what is the whole."""
        said = N_("Service level {level} ({within} of {calls}), under {below}%: {gives}% of {base}")
        if owed.is_capped:
            said = N_(
                "Service level {level} ({within} of {calls}), under {below}%:"
                " {gives}% of {base}, at most {most}"
            )
        number, money = self.words.number, self.words.money
        return self.words.gettext(
            said, level=self.words.percent((level.value or 0) / 1000), within=number(level.numerator),
            calls=number(level.denominator), below=owed.step.below, gives=owed.step.gives,
            base=money(base), most=money(owed.yen),
        )  # fmt: skip

    def used(self, meter: Meter, band: Band) -> str:
        name, number = self.words.gettext(METERS[meter]), self.words.number
        if band.is_included:
            return self.words.gettext(N_("{what}, included"), what=name)
        if band.last is not None:
            said = N_("{what}, {first} to {last}")
            return self.words.gettext(said, what=name, first=number(band.first), last=number(band.last))
        if band.first == 1:
            return name
        return self.words.gettext(N_("{what}, from {first} on"), what=name, first=number(band.first))

    def _by_days(self, said: str, days: Days) -> str:
        if days[0] == days[1]:
            return said
        return self.words.gettext(
            N_("{what} ({days} of {length} days)"), what=said, days=days[0], length=days[1]
        )
