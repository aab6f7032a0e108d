"""What supervisors found who checked calls by a form: figures, and how much a sample tells. Pure."""

from collections.abc import Iterable
from math import isqrt

from interactions.values import Fault
from reports.facts import PhoneFact
from reports.figures import Figure, count, ratio, rounded

FAULTS = {
    "name_right": Fault.NAME,
    "no_customer_error": Fault.CUSTOMER,
    "no_business_error": Fault.BUSINESS,
    "no_compliance_error": Fault.COMPLIANCE,
}
"""Key of the share -> the class of error that fails a call."""
Z2, OF = 38_416, 10_000
"""The square of 1.96, which leaves out one in twenty, as a quotient of whole numbers."""
FINE = 10**12


def checked_figures(facts: Iterable[PhoneFact]) -> tuple[Figure, ...]:
    """Nothing for a month in which no call was checked."""
    found = checked(facts)
    if not found:
        return ()
    shares = [
        ratio(key, sum(is_without(one, fault) for one in found), len(found)) for key, fault in FAULTS.items()
    ]
    return (count("calls_checked", len(found)), *shares)


def checked(facts: Iterable[PhoneFact]) -> list[PhoneFact]:
    return [fact for fact in facts if fact.faults is not None]


def is_without(fact: PhoneFact, fault: Fault) -> bool:
    """Whether a check found no error of this class."""
    return fact.faults is not None and fault not in fact.faults


def interval(figure: Figure) -> tuple[int, int] | None:
    """Where the share of all calls lies in 19 of 20 samples, in thousandths; None for other figures."""
    if figure.key not in FAULTS or not figure.denominator:
        return None
    return wilson(figure.numerator, figure.denominator)


def wilson(part: int, whole: int) -> tuple[int, int]:
    """Wilson's interval of 95 % for ``part`` of ``whole`` cases, in thousandths, by whole numbers.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), above and below the line times 2n.
    """
    square = Z2 * (4 * part * (whole - part) * OF + Z2 * whole)
    root = isqrt(square * FINE**2 // whole)
    middle, below = (2 * part * OF + Z2) * FINE, 2 * (whole * OF + Z2) * FINE
    return rounded((middle - root) * 1000, below), rounded((middle + root) * 1000, below)
