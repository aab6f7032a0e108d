"""Ways for mail to leave the house."""

from mailroom.adapters.sink import Sink
from mailroom.adapters.smtp import SmtpServer
from mailroom.ports import Postman
from nanori.settings import Settings


def postman_for(settings: Settings) -> Postman:
    """The mail server of the settings, or the sink where nothing may leave (``NANORI_MAIL_SINK``)."""
    if settings.mail_sink or settings.smtp_url is None:
        return Sink()
    return SmtpServer.at(settings.smtp_url)
