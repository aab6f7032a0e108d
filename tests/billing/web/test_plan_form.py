"""A plan as it is typed: read, or refused at its row."""

import pytest
from litestar.datastructures import FormMultiDict

from billing.plans.plan import Plan
from billing.plans.values import Meter
from billing.web.plan_form import PlanForm
from nanori.words import words_for
from tests.billing.plans.market import ALL

WORDS = words_for("en")
TYPED = {
    "name": "コール20", "base_fee": "３，０００", "minimum": "0", "set_up": "15000", "seasonal_set_up": "0",
    "free_below_s": "0", "opens": "00:00", "closes": "24:00", "after_hours_percent": "100",
    "holiday_percent": "100", "notice_days": "30", "prorates": "y", "free": "wrong_number",
    "call-included": "4", "call-tiers": "190", "option_code": "", "option_name": "番号追加",
    "option_monthly": "1100", "option_set_up": "0",
}  # fmt: skip


def typed(**changed: str) -> PlanForm:
    return PlanForm(FormMultiDict(list((TYPED | changed).items())), words=WORDS)


def said_by(form: PlanForm) -> str:
    rows = [said for row in form.meters for said in row.errors]
    return " ".join([*rows, *form.form_errors, *(said for _, _, said in form.wrong)])


def test_what_is_typed_becomes_the_plan() -> None:
    plan = typed().plan()
    assert plan is not None
    price = plan.price_of(Meter.CALL)
    assert price is not None
    assert (plan.base_fee, price.included, [str(one.price) for one in price.tiers]) == (3_000, 4, ["190"])
    assert [(one.name, one.monthly) for one in plan.options] == [("番号追加", 1_100)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"call-tiers": "6- 190"}, "From 5 to 5 no price is given."),
        ({"call-tiers": "4- 190"}, "From 4 to 4 two prices are given."),
        ({"call-tiers": "5-80 190"}, "Let the last tier go on without end."),
        ({"call-tiers": "cheap"}, "Please write tiers like"),
        ({"minute-tiers": "30", "minute-step_s": "7"}, "Steps of 7 seconds"),
        ({"option_monthly": "many"}, "An option needs a name and whole yen."),
        ({"closes": "late"}, "Please write times like 09:00."),
        ({"base_fee": ""}, "This field is required."),
    ],
)
def test_a_plan_that_cannot_be_agreed_is_refused_at_its_row(changed: dict[str, str], said: str) -> None:
    form = typed(**changed)
    assert form.plan() is None
    assert form.is_wrong
    assert said in said_by(form)


@pytest.mark.parametrize("plan", ALL, ids=lambda plan: plan.name)
def test_a_plan_of_the_market_is_shown_as_it_is_typed(plan: Plan) -> None:
    """What the form shows, sent back unchanged, is the same plan."""
    shown = PlanForm(words=WORDS, plan=plan)
    pairs = [(field.name, str(field.data)) for field in shown if field.name not in SETS and field.data]
    pairs += [("free", one) for one in shown.free.data or ()]
    pairs += [(name, "0") for name in NUMBERS if not shown[name].data]
    for row in shown.meters:
        pairs += [(f"{row.meter.value}-{name}", getattr(row, name)) for name in ROW]
    for option in shown.options:
        pairs += [("option_code", option.code), ("option_name", option.name)]
        pairs += [("option_monthly", option.monthly), ("option_set_up", option.set_up)]
    assert PlanForm(FormMultiDict(pairs), words=WORDS).plan() == plan


SETS = {"free", "valid_from"}
NUMBERS = ("base_fee", "minimum", "set_up", "seasonal_set_up", "free_below_s", "notice_days")
ROW = ("included", "tiers", "mode", "step_s", "least_s", "added_s")
