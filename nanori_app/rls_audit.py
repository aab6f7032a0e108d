"""Audits the walls between shops on a live database: ``nanori audit rls``."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files

import psycopg
from psycopg.rows import tuple_row

from nanori.installation import plain_url
from nanori.settings import LoginKind, Settings
from nanori_app.errors import Stopped
from nanori_app.rls_allowed import reason_for


class RoleMissing(Stopped):
    message = "The login role {role} does not exist. Run 'nanori migrate' first."


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One hole. ``role`` is empty where it does not matter who looks; ``meaning`` says what the check is."""

    check: str
    subject: str
    detail: str
    role: str
    meaning: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    meaning: str
    query: str

    @property
    def is_per_role(self) -> bool:
        return "%(role)s" in self.query


def audit(settings: Settings) -> list[Finding]:
    """Every hole that the allow-list does not explain, for each login role; empty when the walls hold.

    Raises:
        RoleMissing: a login role is not there.
    """
    kinds = {settings.role_for(kind): kind for kind in LoginKind}
    return [one for one in everything_found(settings) if reason_for(one, kinds.get(one.role)) is None]


def everything_found(settings: Settings) -> list[Finding]:
    """What the questions of the audit bring up, allowed or not, in a fixed order.

    Reads the catalogue only, as the owner, and changes nothing.

    Raises:
        RoleMissing: a login role is not there.
    """
    roles = [settings.role_for(kind) for kind in LoginKind]
    with psycopg.connect(plain_url(settings.owner_url()), row_factory=tuple_row) as connection:
        connection.read_only = True
        for role in roles:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                raise RoleMissing(role=role)
        return sorted(finding for check in checks() for finding in _run(connection, check, roles))


def checks() -> list[Check]:
    """The audit's questions, in the order of the file."""
    words = files("nanori_app").joinpath("rls_audit.sql").read_text(encoding="utf-8")
    blocks = re.split(r"^-- check (\w+): (.+)$", words, flags=re.MULTILINE)[1:]
    return [Check(*blocks[start : start + 3]) for start in range(0, len(blocks), 3)]


def _run(
    connection: psycopg.Connection[tuple[str, str]], check: Check, roles: list[str]
) -> Iterator[Finding]:
    for role in roles if check.is_per_role else [""]:
        for subject, detail in connection.execute(check.query.encode(), {"role": role}):
            yield Finding(check.name, subject, detail, role, check.meaning)
