"""What telephony raises for operators: each with what is wrong and what to do about it."""

from nanori.alerts import Alarm
from nanori.words import N_

UNKNOWN_NUMBER = Alarm(
    name="unknown_number",
    title=N_("Calls come in on {subject}, which belongs to no shop"),
    advice=N_(
        "Callers hear that the number is not in service."
        " Enter it under the shop that it belongs to, or take it away from here at the carrier."
    ),
    where="/shops",
    grave=True,
)
CREDENTIALS_REFUSED = Alarm(
    name="credentials_refused",
    title=N_("The carrier refuses our credentials"),
    advice=N_(
        "Callers wait, but nobody can be connected. Check NANORI_TWILIO_API_KEY and NANORI_TWILIO_API_SECRET,"
        " and that edge and region are those of the key."
    ),
    grave=True,
)
COUNTRY_NOT_PERMITTED = Alarm(
    name="country_not_permitted",
    title=N_("The carrier may not call numbers in {subject}"),
    advice=N_("Permit the country in the carrier's console under Voice Geographic Permissions."),
)
CALLER_ID_REFUSED = Alarm(
    name="caller_id_refused",
    title=N_("The carrier does not let us call as {subject}"),
    advice=N_("A shop can only show a number of our own account. See who has this one: nanori numbers list."),
    where="/shops/{shop}/lines",
    grave=True,
)
BAD_CONTACT_NUMBER = Alarm(
    name="bad_contact_number",
    title=N_("A contact's telephone number cannot be reached"),
    advice=N_("Escalations go on to the next contact. Ask the shop for the right number and enter it."),
    where="/shops/{shop}/contacts",
)
TOO_MANY_CALLS = Alarm(
    name="too_many_calls",
    title=N_("The carrier's limit of simultaneous calls is reached"),
    advice=N_("Ask the carrier to raise the account's limit."),
    grave=True,
)
CARRIER_UNREACHABLE = Alarm(
    name="carrier_unreachable",
    title=N_("The carrier does not answer"),
    advice=N_(
        "Orders are repeated where that is harmless. See the carrier's status page and our own network."
    ),
    grave=True,
    at_least=3,
)
ORDER_REFUSED = Alarm(
    name="order_refused",
    title=N_("The carrier refuses an order ({subject})"),
    advice=N_("The call goes on without it. Look up the error code in the carrier's documentation."),
)
WEBHOOK_FAILED = Alarm(
    name="webhook_failed",
    title=N_("A call could not be answered as it should ({subject})"),
    advice=N_("The caller heard an apology. The log holds the error under the route's name."),
    grave=True,
)
WEBHOOKS_REFUSED = Alarm(
    name="webhooks_refused",
    title=N_("Webhooks that the carrier did not sign are being refused"),
    advice=N_(
        "If calls fail at the same time, NANORI_TWILIO_AUTH_TOKEN or NANORI_PUBLIC_URL is not the account's."
        " Otherwise somebody is trying the door; nothing was let in."
    ),
    at_least=20,
)
WEBHOOKS_MALFORMED = Alarm(
    name="webhooks_malformed",
    title=N_("Webhooks come in that make no sense ({subject})"),
    advice=N_("They are signed, so the carrier or a proxy has changed something. The log names the route."),
    at_least=5,
)
WEBHOOKS_REPEATED = Alarm(
    name="webhooks_repeated",
    title=N_("The carrier repeats its webhooks often"),
    advice=N_("Repeats change nothing. Our answers may come too late for the carrier: look at the load."),
    at_least=50,
)
CALLS_UNKNOWN = Alarm(
    name="calls_unknown",
    title=N_("Webhooks come in about calls that we do not know"),
    advice=N_("A database was restored, or a number points to another installation as well."),
    at_least=10,
)
RECORDING_MISSING = Alarm(
    name="recording_missing",
    title=N_("A recording could not be fetched from the carrier"),
    advice=N_("The caller's case stays open. See whether the recording is in the carrier's console."),
    where="/shops/{shop}",
)
MUSIC_MISSING = Alarm(
    name="music_missing",
    title=N_("A shop's hold music is missing"),
    advice=N_("Callers hear the standard music. Upload the file once more."),
    where="/shops/{shop}/phone",
)
DOCUMENT_REFUSED = Alarm(
    name="document_refused",
    title=N_("The carrier could not use our answer (error {subject})"),
    advice=N_("Look up the error in the carrier's documentation, and the call in its console."),
    grave=True,
)
CALL_NOT_RELEASED = Alarm(
    name="call_not_released",
    title=N_("The carrier keeps a call that is over ({subject})"),
    advice=N_("Hanging up was ordered again and again for an hour. End the call in the carrier's console."),
)
FALLBACK_USED = Alarm(
    name="fallback_used",
    title=N_("Callers were sent to the fallback"),
    advice=N_(
        "The carrier did not get an answer from us in time. Look at the load, the network and the database."
    ),
    grave=True,
)

ALARMS = (
    UNKNOWN_NUMBER, CREDENTIALS_REFUSED, COUNTRY_NOT_PERMITTED, CALLER_ID_REFUSED, BAD_CONTACT_NUMBER,
    TOO_MANY_CALLS, CARRIER_UNREACHABLE, ORDER_REFUSED, WEBHOOK_FAILED, WEBHOOKS_REFUSED, WEBHOOKS_MALFORMED,
    WEBHOOKS_REPEATED, CALLS_UNKNOWN, RECORDING_MISSING, MUSIC_MISSING, DOCUMENT_REFUSED, CALL_NOT_RELEASED,
    FALLBACK_USED,
)  # fmt: skip
