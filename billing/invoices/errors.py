"""Refusals about invoices."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class RegistrationMalformed(InvalidInput):
    message = N_("A registration number is T and 13 figures. Example: T8000000000001")

    def __init__(self) -> None:
        super().__init__({"registration": self.message})


class IssuerMissing(Rejected):
    message = N_("Enter first who issues the invoices: name, registration number and bank account.")


class PayerMissing(Rejected):
    message = N_("Nobody is named who pays for this shop.")


class PayerHasNoAddress(Rejected):
    message = N_("The payer has no address to put on the invoice.")


class NothingToBill(Rejected):
    message = N_("There is nothing to bill for this month.")


class MonthNotOver(Rejected):
    message = N_("This month is not over yet.")


class FiguresNotClosed(Rejected):
    """The bill and the report come from the same closed month."""

    message = N_("Please close the month of every shop on this invoice first.")


class AlreadyBilled(Rejected):
    message = N_("This month has its invoice already: {number}. Correct that one instead.")


class RoundingIsFixed(InvalidInput):
    """One operator rounds in one way; documents that are out already say in which."""

    message = N_("Invoices have been issued already: the way of rounding stays as it is.")

    def __init__(self) -> None:
        super().__init__({"rounding": self.message})


class PricesMixed(Rejected):
    message = N_(
        "Some of this payer's shops have prices with tax and some without: one invoice holds one kind only."
    )


class DraftOutdated(Rejected):
    message = N_(
        "What is to be billed has changed since the draft was made. Prepare it again and look at it."
    )


class InvoiceNotFound(NotFound):
    message = N_("There is no such invoice.")


class NotIssued(Rejected):
    message = N_("This is a draft: change what it is made of and prepare it again.")


class AlreadyReplaced(Rejected):
    message = N_("This invoice was replaced by a later one. Correct the later one.")


class ReasonMissing(InvalidInput):
    message = N_("Please say why: the reason is printed.")

    def __init__(self) -> None:
        super().__init__({"reason": self.message})


class ReturnTooLarge(InvalidInput):
    message = N_("More than was billed under this rate: at most {most} yen can still be returned.")

    def __init__(self, most: int) -> None:
        super().__init__({"amount": self.message}, most=f"{most:,}")


class PaperNotReady(Rejected):
    message = N_("The files of this invoice are still being made.")


class PaperLost(Rejected):
    message = N_("The file of this invoice is missing. Have it drawn again: it comes out the same.")
