"""Follows escalation policies: each question that is due, in a transaction of its own."""

from datetime import datetime

from interactions.questions.commands import advance
from interactions.questions.queries import due_questions
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation


async def follow_policies(house: Installation, now: datetime) -> None:
    """Look at every question that is due; under its lock it is looked at again."""
    async with across_shops(house.worker) as session:
        due = await due_questions(session, now=now)
    for tenant_id, question_id in due:
        async with unit_of_work(house.worker, [tenant_id]) as session:
            await advance(session, tenant_id, question_id, now=now)
