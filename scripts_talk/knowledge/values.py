"""Small facts about knowledge that need no database."""

from enum import StrEnum


class ArticleKind(StrEnum):
    FAQ = "faq"
    POLICY = "policy"
    RETURN_TERMS = "return_terms"
    NOTICE = "notice"  # what each agent of the shop has to read


class VersionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # the merchant is asked
    PUBLISHED = "published"
    RETIRED = "retired"


BEING_WRITTEN = (VersionState.DRAFT, VersionState.SUBMITTED)


class UseKind(StrEnum):
    """How an article helped in a contact."""

    OPENED = "opened"
    INSERTED = "inserted"  # its words went into an answer


class RemarkKind(StrEnum):
    """What a merchant says about a version."""

    COMMENT = "comment"
    APPROVED = "approved"
    RETURNED = "returned"  # not like this
