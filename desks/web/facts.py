"""What is said on a desk's page about what holds there: phrases, script, whom to ask, price plan."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.ports import DeskFact, DeskFacts
from nanori.web.page import context_of, words_of
from nanori.words import N_
from scripts_talk.queries import published_script
from tenants.queries import phrases_of


async def kept_of(request: Request[Any, Any, State], session: AsyncSession, desk: Desk) -> list[DeskFact]:
    """This room's lines, then those of higher rooms."""
    words, page = words_of(request), f"/desks/{desk.tenant_id}/{desk.id}/words"
    own = sum(one.is_of_desk for one in await phrases_of(session, desk.tenant_id, desk.id))
    phrases = words.ngettext("{n} phrase of its own", "{n} phrases of its own", own)
    script = await published_script(session, desk.tenant_id, desk_id=desk.id)
    followed = words.gettext(N_("No talk script is published"))
    if script is not None:
        whose = N_("{name}, the desk's own") if script.desk_id else N_("{name}, the shop's")
        followed = words.gettext(whose, name=script.name)
    facts = [
        DeskFact(
            label=words.gettext(N_("Phrases")),
            said=phrases if own else words.gettext(N_("as the whole shop")),
            href=page,
        ),
        DeskFact(label=words.gettext(N_("Talk script")), said=followed, href=page),
    ]
    more: list[DeskFacts] = request.app.state.get("desk_facts", [])
    for ask in more:
        facts += await ask(session, desk.tenant_id, desk.id, context_of(request))
    return facts
