"""Every table of the product: importing this module registers them all on ``Base.metadata``."""

import billing.invoices.models
import billing.ledger.models
import billing.plans.models
import desks.models
import desks.people_models
import desks.season_models
import desks.shifts.models
import interactions.models
import interactions.orders.models
import interactions.questions.models
import mailroom.models
import mailroom.surveys.models
import nanori.alerts
import nanori.audit
import nanori.directory
import nanori.files
import nanori.identity.models
import reports.closing.models
import reports.delivery.models
import reports.models
import reports.so_far.models
import reports.views.models
import scripts_talk.knowledge.models
import scripts_talk.models
import scripts_talk.quiz.models
import telephony.models
import tenants.changes.models
import tenants.escalation.models
import tenants.models
import tenants.wishes.models
from nanori.db import Base

OWNERS = (
    nanori.alerts,
    nanori.audit,
    nanori.directory,
    nanori.files,
    nanori.identity.models,
    tenants.models,
    tenants.wishes.models,
    tenants.changes.models,
    tenants.escalation.models,
    scripts_talk.models,
    scripts_talk.knowledge.models,
    scripts_talk.quiz.models,
    desks.models,
    desks.people_models,
    desks.season_models,
    desks.shifts.models,
    interactions.models,
    interactions.orders.models,
    interactions.questions.models,
    telephony.models,
    mailroom.models,
    mailroom.surveys.models,
    reports.models,
    billing.plans.models,
    billing.ledger.models,
    reports.closing.models,
    billing.invoices.models,
    reports.so_far.models,
    reports.views.models,
    reports.delivery.models,
)
METADATA = Base.metadata
