"""Whose script a page is about: the shop's, or the one that a desk has for itself (``?script=``)."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import State

from scripts_talk.errors import NoSuchScript


def script_asked(request: Request[Any, Any, State]) -> UUID | None:
    """None: the shop's.

    Raises:
        NoSuchScript: the address names none.
    """
    text = request.query_params.get("script", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NoSuchScript from None


def script_path(tenant_id: UUID, script_id: UUID | None, page: str = "") -> str:
    """Address of one of the script's pages."""
    return f"/shops/{tenant_id}/script{page}{whose(script_id)}"


def whose(script_id: UUID | None) -> str:
    """What is put behind each address of these pages."""
    return f"?script={script_id}" if script_id else ""
