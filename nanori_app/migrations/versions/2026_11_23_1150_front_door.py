"""What callers of a shop meet has a version, so that a process may keep it and still never greet wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "front_door"
down_revision = "copies"
branch_labels = None
depends_on = None

MET = (
    "tenant", "opening_span", "special_day", "answer_phrase", "shop_change", "changed_span", "line_promise",
    "desk", "menu_option", "season", "desk_span", "desk_day",
)  # fmt: skip
"""Tables that a ringing call's greeting is read from."""

CHANGED = """
CREATE FUNCTION front_door_has_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO front_door AS one (shop_id, version) VALUES (COALESCE(NEW.tenant_id, OLD.tenant_id), 1)
    ON CONFLICT (shop_id) DO UPDATE SET version = one.version + 1;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "front_door",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_front_door")),
    )
    op.execute(
        "INSERT INTO front_door (shop_id, version) SELECT shop_id, 1 FROM directory WHERE kind = 'shop'"
    )
    op.execute(CHANGED)
    for table in MET:  # at the end of the transaction: until then nobody waits for anybody
        op.execute(
            f"CREATE CONSTRAINT TRIGGER front_door_changes AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION front_door_has_changed()"
        )


def downgrade() -> None:
    for table in MET:
        op.execute(f"DROP TRIGGER front_door_changes ON {table}")
    op.execute("DROP FUNCTION front_door_has_changed")
    op.drop_table("front_door")
