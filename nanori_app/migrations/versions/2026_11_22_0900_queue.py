"""The job queue's own tables and functions, as the library ships them."""

from contextlib import closing

from alembic import op
from procrastinate.schema import SchemaManager

revision = "queue"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    with closing(op.get_bind().connection.cursor()) as cursor:  # many statements, no parameters
        cursor.execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute("DROP SCHEMA public CASCADE")
    op.execute("CREATE SCHEMA public")
