"""Row-level security, the same for each tenant-owned table, in the revision that creates it."""

from alembic import op


def protect(table: str) -> None:
    """Show and open to a transaction only the rows of the tenants that it has bound."""
    bound = "tenant_id = ANY (current_setting('nanori.tenants')::uuid[])"
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY tenant_isolation ON "{table}" USING ({bound}) WITH CHECK ({bound})')
