"""A season knows that its numbers are being called as a test."""

import sqlalchemy as sa
from alembic import op

from nanori_app.migrations.tenancy import bind_every_shop

revision = "season_tests"
down_revision = "promise"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    bind_every_shop()
    op.add_column("season", sa.Column("testing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("season", sa.Column("testing_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_season_testing_by"), "season", "account", ["testing_by"], ["id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("season", "testing_by")
    op.drop_column("season", "testing_since")
