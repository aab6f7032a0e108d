"""What an agent says first when it is we who call; each shop starts with a wording of its own."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "calling_phrases"
down_revision = "quarantine"
branch_labels = None
depends_on = None

BEFORE = "normal after_wait complaint"
FIRST = {
    "ja": "お忙しいところ恐れ入ります。{}でございます。",
    "en": "Hello, this is {} calling. Is this a good moment?",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow(f"{BEFORE} calling")
    bind_every_shop()
    for locale, text in FIRST.items():
        before, after = text.split("{}")
        op.get_bind().execute(
            sa.text(
                "INSERT INTO answer_phrase (tenant_id, id, situation, day_part, version, text, created_at)"
                " SELECT tenant_id, gen_random_uuid(), 'calling', 'any', 1, :before || brand_name || :after,"
                " created_at FROM tenant WHERE locale = :locale"
            ),
            {"before": before, "after": after, "locale": locale},
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    op.execute("DELETE FROM answer_phrase WHERE situation = 'calling'")
    _allow(BEFORE)


def _allow(values: str) -> None:
    listed = ", ".join(f"'{value}'" for value in values.split())
    op.drop_constraint(op.f("ck_answer_phrase_situation"), "answer_phrase", type_="check")
    op.create_check_constraint(
        op.f("ck_answer_phrase_situation"), "answer_phrase", f"situation IN ({listed})"
    )
