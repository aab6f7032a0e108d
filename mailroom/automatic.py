"""Was this mail written by a person? (RFC 3834, and what machines do in practice.)

We never answer a machine, and a machine's mail is no first reply and no shopper's contact.
"""

import re
from enum import StrEnum

from mailroom.headers import Headers


class AutomaticReason(StrEnum):
    """The first sign found that a machine wrote the mail."""

    AUTO_SUBMITTED = "auto_submitted"
    NULL_RETURN_PATH = "null_return_path"
    REPORT = "report"
    PRECEDENCE = "precedence"
    SUPPRESS = "suppress"
    MAILING_LIST = "mailing_list"
    DAEMON = "daemon"
    SUBJECT = "subject"


_PRECEDENCE = ("bulk", "junk", "list", "auto_reply", "auto-reply")
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list", "x-mailing-list")
_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-failed-recipients",
)
_DAEMONS = re.compile(
    r"(mailer-?daemon|postmaster|bounces?|mail-?delivery|no-?reply|do-?not-?reply|auto-?reply|autoresponder|"
    r"listserv|majordomo|double-bounce)(?=[@+\-_=.]|$)"
)
_SUBJECTS = re.compile(
    r"(auto(matic)?[ -]?(reply|response|answer)|out of (the )?office|vacation (reply|notice)|"
    r"undeliver(able|ed)|delivery (status notification|failure|has failed)|"
    r"mail delivery (failed|failure|subsystem)|"
    r"returned mail|failure notice|delivery notification|mail system error|read:|"
    r"自動(返信|応答|配信)|不在(通知|のお知らせ|の為|のため|中)|休暇中|配信不能|配送不能|送信できません|"
    r"配信(に)?失敗|送信エラー|開封済み|開封確認)"
)


def automatic_reason(
    headers: Headers, *, author: str, subject: str, content_type: str
) -> AutomaticReason | None:
    """Why we hold the mail for a machine's, or None for a person's.

    Args:
        author: the address in From, if any; ``subject`` and ``content_type`` are the decoded ones.
    """
    return (
        _by_headers(headers)
        or (AutomaticReason.REPORT if content_type == "multipart/report" else None)
        or (AutomaticReason.DAEMON if _DAEMONS.match(author.lower()) else None)
        or (
            AutomaticReason.SUBJECT
            if _SUBJECTS.match(subject.strip().lower()[:200].lstrip("[【(（ "))
            else None
        )
    )


def _by_headers(headers: Headers) -> AutomaticReason | None:
    submitted = headers.text("auto-submitted").split(";")[0].strip().lower()
    if (submitted and submitted != "no") or any(headers.first(name) for name in _AUTO_HEADERS):
        return AutomaticReason.AUTO_SUBMITTED
    if any(path.strip() == b"<>" for path in headers.all("return-path")):
        return AutomaticReason.NULL_RETURN_PATH
    if headers.text("precedence").lower() in _PRECEDENCE:
        return AutomaticReason.PRECEDENCE
    if headers.text("x-auto-response-suppress").lower() not in ("", "none"):
        return AutomaticReason.SUPPRESS
    if any(headers.first(name) for name in _LIST_HEADERS):
        return AutomaticReason.MAILING_LIST
    return None
