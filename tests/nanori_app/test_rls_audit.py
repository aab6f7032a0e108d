"""Each kind of hole, planted in a database of its own, and seen."""

import json
import os

import psycopg
import pytest

from nanori.installation import Installation, plain_url
from nanori.settings import LoginKind, Settings
from nanori_app.rls_allowed import ALLOWED, reason_for
from nanori_app.rls_audit import audit, checks, everything_found
from tests.support.commands import run_command

BOUND = "tenant_id = ANY (current_setting('nanori.tenants')::uuid[])"
LEAK = "CREATE TABLE leak (word text); "
TWO_TABLES = """
    CREATE TABLE one (tenant_id uuid, id uuid UNIQUE);
    CREATE TABLE two (tenant_id uuid, one_id uuid REFERENCES one (id))
"""
HOLES = [
    ("role_too_strong", "ALTER ROLE {staff} CREATEROLE"),
    ("role_in_others_rights", "GRANT {worker} TO {merchant}"),
    ("role_owns", "GRANT CREATE ON SCHEMA public TO {staff}; ALTER TABLE reason OWNER TO {staff}"),
    ("table_without_walls", "ALTER TABLE reason DISABLE ROW LEVEL SECURITY"),
    ("table_without_walls", "ALTER TABLE reason NO FORCE ROW LEVEL SECURITY"),
    ("table_without_walls", "DROP POLICY tenant_isolation ON reason"),
    ("table_without_walls", "CREATE TABLE unwalled (tenant_id uuid NOT NULL)"),
    ("policy_ignores_tenant", "ALTER POLICY tenant_isolation ON reason USING (true)"),
    ("policy_ignores_tenant", "ALTER POLICY tenant_isolation ON reason WITH CHECK (true)"),
    ("policy_ignores_tenant", f"ALTER POLICY tenant_isolation ON reason USING ({BOUND} OR id IS NOT NULL)"),
    ("policy_ignores_tenant", "CREATE POLICY second ON reason FOR INSERT WITH CHECK (true)"),
    ("table_without_tenant", LEAK + "GRANT SELECT ON leak TO {merchant}"),
    ("table_without_tenant", LEAK + "GRANT SELECT (word) ON leak TO {merchant}"),
    ("table_without_tenant", LEAK + "GRANT SELECT ON leak TO PUBLIC"),
    ("table_without_tenant", "GRANT SELECT ON account TO {merchant}"),
    ("tenant_may_be_empty", "CREATE TABLE loose (tenant_id uuid)"),
    ("policies_add_up", f"CREATE POLICY second ON reason FOR SELECT USING ({BOUND})"),
    ("view_with_owners_eyes", "CREATE VIEW peek AS SELECT * FROM reason; GRANT SELECT ON peek TO {staff}"),
    (
        "materialised_view",
        "CREATE MATERIALIZED VIEW peek AS TABLE reason WITH NO DATA; GRANT SELECT ON peek TO {staff}",
    ),
    (
        "function_with_owners_rights",
        "CREATE FUNCTION peek() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    ("unique_across_tenants", "CREATE UNIQUE INDEX one_for_all ON reason (id)"),
    (
        "key_across_tenants",
        TWO_TABLES,
    ),
    ("right_past_policies", "GRANT TRUNCATE ON reason TO {staff}"),
    ("right_past_policies", "GRANT REFERENCES ON reason TO {merchant}"),
    ("may_create", "GRANT CREATE ON SCHEMA public TO {worker}"),
]


def plant(settings: Settings, hole: str) -> None:
    roles = {kind.value: f'"{settings.role_for(kind)}"' for kind in LoginKind}
    with psycopg.connect(plain_url(settings.owner_url()), autocommit=True) as connection:
        connection.execute(hole.format(**roles).encode())


@pytest.mark.parametrize(("check", "hole"), HOLES)
async def test_planted_hole_is_found(clone: Installation, check: str, hole: str) -> None:
    plant(clone.settings, hole)
    assert check in {finding.check for finding in audit(clone.settings)}


async def test_database_as_migrated_has_no_hole(clone: Installation) -> None:
    assert audit(clone.settings) == []


def test_every_question_of_the_audit_is_put_to_the_test() -> None:
    assert {check for check, _ in HOLES} == {check.name for check in checks()}


async def test_every_exception_is_still_needed(clone: Installation) -> None:
    kinds = {clone.settings.role_for(kind): kind for kind in LoginKind}
    used = {reason_for(finding, kinds.get(finding.role)) for finding in everything_found(clone.settings)}
    assert [allowed for allowed in ALLOWED if allowed.reason not in used] == []


async def test_command_prints_findings_for_programs_and_exits_with_1(clone: Installation) -> None:
    assert _audit_command(clone.settings) == (0, {"findings": []})
    plant(clone.settings, "GRANT TRUNCATE ON reason TO {staff}")
    code, printed = _audit_command(clone.settings)
    assert code == 1
    assert [(one["check"], one["subject"], one["detail"]) for one in printed["findings"]] == [
        ("right_past_policies", "reason", "TRUNCATE")
    ]


def _audit_command(settings: Settings) -> tuple[int, dict[str, list[dict[str, str]]]]:
    environ = {"NANORI_DATABASE_URL": settings.owner_url(), "NANORI_SECRET_KEY": settings.secret_key}
    done = run_command(["audit", "rls", "--json"], os.environ | environ, "")
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)
