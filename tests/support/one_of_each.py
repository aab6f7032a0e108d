"""One row in every tenant-owned table, made from what the tables themselves say about their columns."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Table
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Enum, Integer, LargeBinary, Numeric, Uuid
from uuid_utils.compat import uuid7

from nanori_app.tables import METADATA
from tests.support.clock import START

TENANT_OWNED = tuple(table for table in METADATA.sorted_tables if "tenant_id" in table.columns)
"""Every table with a shop's rows, parents first."""

A_DAY = timedelta(days=1)
CHECKED: Mapping[str, Mapping[str, object]] = {
    "tenant": {"colour": "#123456", "locale": "ja", "zone": "Asia/Tokyo"},
    "case_join": {"undone_at": START},
    "opening_span": {"weekday": 0, "opens": 0, "closes": 60},
    "contract_terms": {"valid_from": date(2026, 1, 1)},
    "month_report": {"month": date(2026, 10, 1)},
    "closed_fact": {"month": date(2026, 10, 1)},
    "closed_month": {"month": date(2026, 10, 1), "content_hash": "0" * 64, "reason": ""},
    "month_so_far": {"month": date(2026, 10, 1), "figures": {}, "counted_at": START},
    "shop_wish": {"text": "?", "holds_from": date(2026, 10, 1), "decided_at": None},
    "shop_change": {"kind": "days", "holds_from": date(2026, 12, 30), "holds_until": date(2027, 1, 3)},
    "changed_span": {"weekday": None, "opens": 0, "closes": 60},
    "figure_view": {"span": "week", "first_day": None, "last_day": None, "removed_at": None},
    "report_plan": {"day": 3, "made_for": date(2026, 10, 1)},
    "report_letter": {"month": date(2026, 10, 1), "seq": 1},
    "month_close": {"month": date(2026, 10, 1), "state": "closed"},
    "invoice_run": {"month": date(2026, 10, 1)},
    "invoice": {"month": date(2026, 10, 1), "total": 2},
    "phone_number": {"number": "+81500000"},
    "line_promise": {"ends_at": START + A_DAY, "free_at": START + A_DAY},
    "on_call": {"ends_at": START + A_DAY},
    "season": {"closes_at": START + A_DAY},
    "desk_span": {"weekday": 0, "opens": 0, "closes": 60},
    "menu_option": {"digit": "1", "action": "desk"},
    "open_question": {"settled_at": START},
    "quiz_rules": {"pass_percent": 80, "questions": 10, "valid_days": 180},
    "certificate": {"expires_at": START + A_DAY},
    "article_remark": {"text": "?"},
    "agreement": {"valid_from": date(2026, 1, 1)},
    "ledger_month": {"month": date(2026, 10, 1)},
    "usage_line": {"month": date(2026, 10, 1), "booked": date(2026, 11, 1), "quantity": 0},
    "credit": {"booked": date(2026, 11, 1)},
    "campaign": {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)},
}
"""Values that a check of the table asks for."""

PRICES = ("plan", "plan_version")
"""Tables of the outsourcer that a shop's rows point to."""

Row = dict[str, Any]


def fill(connection: Connection, tenant_id: UUID) -> dict[str, Row]:
    """Insert one row into each table for this shop; the rows by table name. The shop must be bound."""
    rows: dict[str, Row] = {}
    for table in METADATA.sorted_tables:
        if table.name == "account":
            rows["account"] = _agent(connection, table)
        if table.name in PRICES:
            rows[table.name] = _priced(connection, table, rows)
        if table in TENANT_OWNED:
            rows[table.name] = _row(table, tenant_id, rows)
            connection.execute(table.insert().values(rows[table.name]))
    return rows


def copy_of(table: Table, row: Row) -> Row:
    """The same row under another id: it may be refused for its shop only."""
    keys = {"id": uuid7()} if "id" in table.columns else {}
    return row | keys


def _row(table: Table, tenant_id: UUID, rows: Mapping[str, Row]) -> Row:
    parents = _from_parents(table, rows)
    row: Row = {}
    for column in table.columns:
        if column.name in CHECKED.get(table.name, {}):
            row[column.name] = CHECKED[table.name][column.name]
        elif column.name == "tenant_id":
            row["tenant_id"] = tenant_id
        elif column.name in parents:
            row[column.name] = parents[column.name]
        elif not column.nullable:
            row[column.name] = _value(column)
    return row


def _from_parents(table: Table, rows: Mapping[str, Row]) -> Row:
    """Foreign keys that point to the rows made before; an optional one to a later table stays empty."""
    found: Row = {}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            parent = rows.get(constraint.referred_table.name)
            for column, key in zip(constraint.columns, constraint.elements, strict=True):
                if parent is not None and column.name != "tenant_id":
                    found[column.name] = parent[key.column.name]
    return found


def _value(column: Column[Any]) -> object:  # noqa: PLR0911 - one return for each kind of value
    if column.default is not None and column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]  # scalar defaults have one
    kind = column.type
    match kind:
        case Enum():
            return kind.enums[0]
        case Uuid():
            return uuid7()
        case DateTime():
            return START
        case Date():
            return START.date()
        case Boolean():
            return False
        case Integer() | Numeric():
            return 1
        case LargeBinary():
            return uuid7().bytes
        case JSON():
            return {} if column.type.python_type is dict else []
        case _:
            return uuid7().hex


def _priced(connection: Connection, table: Table, rows: Mapping[str, Row]) -> Row:
    row = _row(table, uuid7(), rows)
    connection.execute(table.insert().values(row))
    return row


def _agent(connection: Connection, table: Table) -> Row:
    """An account of its own for each shop: an agent has one live call, whatever the shop."""
    row: Row = {
        "id": uuid7(), "login": f"{uuid7().hex}@nanori.example", "name": "試験", "password_hash": "",
        "locale": "ja", "created_at": START,
    }  # fmt: skip
    connection.execute(table.insert().values(row))
    return row
