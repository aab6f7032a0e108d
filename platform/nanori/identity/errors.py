"""Everything that can be refused at the door."""

from nanori.errors import Rejected
from nanori.words import N_


class WrongLogin(Rejected):
    """The same words for an unknown account, a wrong password and a disabled account."""

    status_code = 401
    message = N_("The mail address or the password is not right.")


class LoginTaken(Rejected):
    message = N_("There is already an account with this mail address.")


class PasswordTooShort(Rejected):
    status_code = 422
    message = N_("A password needs at least {length} characters.")
