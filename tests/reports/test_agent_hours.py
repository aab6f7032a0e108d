"""Occupancy, the three utilisations, shrinkage and calls per hour of all agents together."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from desks.values import BreakReason, Presence
from nanori.words import words_for
from reports.agent_hours import AgentHours, Paid, Spent, Written, agent_hours, cost_per_contact
from reports.figures import Figure
from reports.paper.wording import Wording


def spent(state: Presence, minutes: int, reason: BreakReason | None = None) -> Spent:
    ms = timedelta(minutes=minutes) // timedelta(milliseconds=1)
    return Spent(state=state, reason=reason.value if reason else None, ms=ms)


def values(found: AgentHours) -> dict[str, int | None]:
    return {one.key + one.formula: one.value for one in found.figures()}


DAY = [
    spent(Presence.BUSY, 240), spent(Presence.WRAPUP, 60), spent(Presence.READY, 70),
    spent(Presence.RINGING, 5), spent(Presence.BREAK, 60, BreakReason.LUNCH),
    spent(Presence.BREAK, 30, BreakReason.PAUSE), spent(Presence.BREAK, 45, BreakReason.TRAINING),
    spent(Presence.NOT_READY, 30), spent(Presence.OFFLINE, 900),
]  # fmt: skip


def test_a_day_of_nine_hours_signed_in() -> None:
    found = agent_hours(DAY, calls=60, written=Written(mails=12, timed=10, ms=75 * 60_000))
    assert [ms // 60_000 for ms in (found.signed_in, found.paid, found.available)] == [540, 480, 375]
    assert values(found) == {
        "occupancy": 800, "utilisationU1": 781, "utilisationU2": 625, "utilisationU3": 690, "shrinkage": 219,
        "calls_per_hour": 6667, "mails_per_hour": 8000,
    }  # fmt: skip


def test_a_contact_of_that_day_costs_240_yen() -> None:
    """Eight paid hours at ¥2,160 over 60 calls and 12 mails; half of them at another price."""
    paid = agent_hours(DAY, calls=60).paid
    figure = cost_per_contact([Paid(paid, 2160)], 72)
    assert figure is not None
    assert (figure.value, Wording(words_for("en")).figure(figure)) == (240, "¥240")

    dearer = cost_per_contact([Paid(paid // 2, 2160), Paid(paid // 2, 2520)], 72)
    assert dearer is not None
    assert dearer.value == 260
    assert cost_per_contact([Paid(paid, 2160), Paid(1, None)], 72) is None
    assert cost_per_contact([Paid(paid, 2160), Paid(0, None)], 72) == figure
    nobody = cost_per_contact([Paid(paid, 2160)], 0)
    assert nobody is not None
    assert nobody.value is None
    nothing = cost_per_contact([], 5)
    assert nothing is not None
    assert nothing.value is None


def test_nobody_there_gives_no_figure() -> None:
    assert set(values(agent_hours([spent(Presence.OFFLINE, 60)], calls=0)).values()) == {None}


any_time = st.lists(
    st.builds(
        spent,
        st.sampled_from(Presence),
        st.integers(0, 600),
        st.sampled_from([None, *BreakReason]),
    )
)


@given(any_time, any_time)
def test_the_three_utilisations_stand_in_order_and_hours_add_up(
    early: list[Spent], late: list[Spent]
) -> None:
    found = agent_hours([*early, *late], calls=1)
    parts = [agent_hours(some, calls=0) for some in (early, late)]
    assert found.signed_in == sum(one.signed_in for one in parts)
    occupancy, first, second, third, shrinkage, *_ = map(_exact, found.figures())
    if first is None or second is None or third is None or shrinkage is None:
        return
    assert second <= third
    assert second <= first == 1 - shrinkage
    assert occupancy is None or second == first * occupancy


def _exact(figure: Figure) -> Fraction | None:
    return Fraction(figure.numerator, figure.denominator) if figure.denominator else None
