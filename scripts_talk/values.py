"""Small facts about talk scripts that need no database."""

from enum import StrEnum


class ScriptState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class FieldKind(StrEnum):
    """What a captured field holds."""

    TEXT = "text"
    PHONE = "phone"
    ORDER_NUMBER = "order_number"
    DATE = "date"
    CHOICE = "choice"
