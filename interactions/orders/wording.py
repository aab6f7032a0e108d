"""What states are called."""

from interactions.orders.values import (
    Encoding,
    FileKind,
    InquiryReason,
    OrderState,
    ParcelCompany,
    ParcelDecision,
    ParcelState,
    ReadingState,
)
from nanori.words import N_, Words

ORDER_STATES = {
    OrderState.PLACED: (N_("Ordered"), ""),
    OrderState.SHIPPED: (N_("Shipped"), "accent"),
    OrderState.DELIVERED: (N_("Delivered"), "good"),
    OrderState.CANCELLED: (N_("Cancelled"), "warn"),
    OrderState.RETURNED: (N_("Sent back"), "warn"),
    OrderState.OTHER: (N_("State unknown"), ""),
}
PARCEL_STATES = {
    ParcelState.PREPARING: (N_("Being prepared"), ""),
    ParcelState.ON_ITS_WAY: (N_("On its way"), "accent"),
    ParcelState.OUT_FOR_DELIVERY: (N_("Out for delivery"), "accent"),
    ParcelState.DELIVERED: (N_("Delivered"), "good"),
    ParcelState.ABSENT: (N_("Nobody at home"), "warn"),
    ParcelState.HELD: (N_("Kept at the depot"), "warn"),
    ParcelState.MOVED: (N_("Moved away"), "bad"),
    ParcelState.UNKNOWN_ADDRESS: (N_("Address unknown"), "bad"),
    ParcelState.RETURNING: (N_("On its way back"), "warn"),
    ParcelState.RETURNED: (N_("Back at the shop"), "warn"),
    ParcelState.OTHER: (N_("State unknown"), ""),
}
COMPANIES = {
    ParcelCompany.YAMATO: N_("Yamato Transport"),
    ParcelCompany.SAGAWA: N_("Sagawa Express"),
    ParcelCompany.JAPAN_POST: N_("Japan Post"),
    ParcelCompany.SEINO: N_("Seino Transportation"),
    ParcelCompany.FUKUYAMA: N_("Fukuyama Transporting"),
    ParcelCompany.OTHER: N_("Another company"),
}
INQUIRY_REASONS = {
    InquiryReason.ABSENT: N_("Nobody at home"),
    InquiryReason.MOVED: N_("Moved away"),
    InquiryReason.UNKNOWN_ADDRESS: N_("Address unknown"),
}
DECISIONS = {
    ParcelDecision.OPEN: N_("Not decided yet"),
    ParcelDecision.RESEND: N_("Send it again"),
    ParcelDecision.RETURN: N_("Back to the shop"),
}
FILE_KINDS = {FileKind.ORDERS: N_("Orders"), FileKind.SHIPMENTS: N_("Shipments")}
READING_STATES = {
    ReadingState.MAPPING: (N_("Columns to be checked"), "warn"),
    ReadingState.QUEUED: (N_("Queued"), ""),
    ReadingState.RUNNING: (N_("Being read"), "accent"),
    ReadingState.DONE: (N_("Read in"), "good"),
    ReadingState.FAILED: (N_("Stopped"), "bad"),
}
ENCODINGS = {Encoding.UTF_8: "UTF-8", Encoding.UTF_8_BOM: "UTF-8 (BOM)", Encoding.SHIFT_JIS: "Shift_JIS"}


def state_in(words: Words, known: tuple[str, str], said: str, *, is_other: bool) -> tuple[str, str]:
    """Words and colour of a state; what we do not know is said in the shop's own words."""
    return (said if is_other and said else words.gettext(known[0])), known[1]
