"""The issuer of invoices has a name, an address and an account in English."""

import sqlalchemy as sa
from alembic import op

revision = "english_issuer"
down_revision = "never_back"
branch_labels = None
depends_on = None

IN_ENGLISH = ("name_en", "address_en", "bank_account_en")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in IN_ENGLISH:
        op.add_column("invoice_issuer", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.alter_column("invoice_issuer", name, server_default=None)


def downgrade() -> None:
    for name in IN_ENGLISH:
        op.drop_column("invoice_issuer", name)
