"""States of orders, parcels and readings, and what a row of a file is read into. No I/O."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class OrderState(StrEnum):
    PLACED = "placed"  # nothing has left the shop
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    OTHER = "other"  # only the shop's own words for it are known


class ParcelState(StrEnum):
    PREPARING = "preparing"
    ON_ITS_WAY = "on_its_way"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    ABSENT = "absent"  # nobody was at home
    HELD = "held"  # kept at the depot
    MOVED = "moved"  # the shopper lives there no more
    UNKNOWN_ADDRESS = "unknown_address"
    RETURNING = "returning"
    RETURNED = "returned"
    OTHER = "other"


class ParcelCompany(StrEnum):
    """Who brings parcels; "carrier" is whoever carries telephone calls."""

    YAMATO = "yamato"
    SAGAWA = "sagawa"
    JAPAN_POST = "japan_post"
    SEINO = "seino"
    FUKUYAMA = "fukuyama"
    OTHER = "other"


class InquiryReason(StrEnum):
    """Why a parcel has not arrived, as its company tells."""

    ABSENT = "absent"
    MOVED = "moved"
    UNKNOWN_ADDRESS = "unknown_address"


class ParcelDecision(StrEnum):
    """What becomes of a parcel that has not arrived."""

    OPEN = "open"
    RESEND = "resend"
    RETURN = "return"


class Source(StrEnum):
    FILE = "file"
    SHOPIFY = "shopify"


class FileKind(StrEnum):
    """What the rows of a file are."""

    ORDERS = "orders"
    SHIPMENTS = "shipments"


class ReadingState(StrEnum):
    """How far one reading of orders is: a file, or a visit to the shop's system."""

    MAPPING = "mapping"  # somebody says what the columns mean
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-sig"
    SHIFT_JIS = "cp932"


class Column(StrEnum):
    """What a column of a file can hold."""

    NUMBER = "number"
    ORDERED_AT = "ordered_at"
    STATE = "state"
    NAME = "name"
    PHONE = "phone"
    MAIL = "mail"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    TOTAL = "total"
    ITEM = "item"
    QUANTITY = "quantity"
    PARCEL = "parcel"
    COMPANY = "company"
    SHIPPED_ON = "shipped_on"
    DELIVERED_ON = "delivered_on"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    name: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """One order as its source tells it. ``number`` is what the shopper reads out; empty text is unknown."""

    number: str
    ordered_at: datetime | None = None
    state: OrderState = OrderState.OTHER
    state_said: str = ""  # in the shop's own words
    name: str = ""
    phone: str = ""  # E.164
    mail: str = ""
    postal_code: str = ""
    address: str = ""
    total: int | None = None  # minor units: whole yen, cents
    currency: str = "JPY"
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFacts:
    """One parcel of an order."""

    order_number: str
    number: str  # of the company that brings it
    company: ParcelCompany = ParcelCompany.OTHER
    company_said: str = ""
    state: ParcelState = ParcelState.OTHER
    state_said: str = ""
    shipped_on: date | None = None
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why one row was not kept. ``said`` is a msgid; ``typed`` is what stood there."""

    row: int  # as a spreadsheet counts: the headings are row 1
    said: str
    column: Column | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact, and the rows of the file that said it; a shop's system has no rows."""

    fact: OrderFacts | ParcelFacts
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a source told in one go. ``cursor``: from where the source goes on after it."""

    told: tuple[Told, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: int
    cursor: str
    told_to: datetime | None = None  # everything that the source had changed until then has been told
