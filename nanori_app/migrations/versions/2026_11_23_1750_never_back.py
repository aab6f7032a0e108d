"""No version of a front door comes twice, and a shopper's score lies on its own scale.

For a while the two revisions that make these tables brought these rules themselves: where they are
there already, they are made again.
"""

from alembic import op

revision = "never_back"
down_revision = "mail_work"
branch_labels = None
depends_on = None

NEVER_BACK = """
CREATE OR REPLACE FUNCTION front_door_never_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version once passed may be kept with other words' USING ERRCODE = 'restrict_violation';
END $$
"""
ONLY_FORWARD = """
CREATE OR REPLACE TRIGGER only_forward BEFORE UPDATE ON front_door FOR EACH ROW
WHEN (NEW.version <= OLD.version) EXECUTE FUNCTION front_door_never_goes_back()
"""
ON_SCALE = (
    "score BETWEEN CASE kind WHEN 'nps' THEN 0 ELSE 1 END"
    " AND CASE kind WHEN 'csat' THEN 5 WHEN 'nps' THEN 10 ELSE 7 END"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(NEVER_BACK)
    op.execute(ONLY_FORWARD)
    op.execute("ALTER TABLE survey DROP CONSTRAINT IF EXISTS ck_survey_score_is_on_its_scale")
    op.create_check_constraint(op.f("ck_survey_score_is_on_its_scale"), "survey", ON_SCALE)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_survey_score_is_on_its_scale"), "survey", type_="check")
    op.execute("DROP TRIGGER only_forward ON front_door")
    op.execute("DROP FUNCTION front_door_never_goes_back")
