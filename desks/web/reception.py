"""``/desks/{shop}/{desk}/callers``: the menu, the callback, and what becomes of callers of an empty desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older

from desks import menus, queries
from desks.menus import Key, Reception
from desks.models import Desk
from desks.values import MenuAction, Unattended
from desks.wording import MENU_ACTIONS, UNATTENDED
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.text import code_like, one_line, tidied
from nanori.web.access import allow
from nanori.web.forms import AtMost, Form, LongTextField, Posted, values_by_row
from nanori.web.page import go, render, words_of
from nanori.words import N_, Words
from tenants.queries import contacts_to_call
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
LONGEST_PROMPT = 300
LONGEST_ANSWER = 500
ONE_DIGIT = frozenset("0123456789")
COLUMNS = ("key-digit", "key-action", "key-desk", "key-said")


class ReceptionForm(Form):
    """Everything but the keys."""

    menu_prompt = LongTextField(N_("What the menu says"), [AtMost(LONGEST_PROMPT)])
    offers_callback = BooleanField(N_("Waiting callers may press 1 and be called back in their place"))
    unattended = RadioField(N_("When nobody is there to answer"))

    def __init__(self, posted: Posted | None = None, *, words: Words, **initial: object) -> None:
        super().__init__(posted, words=words, **initial)
        self.unattended.choices = [
            SelectChoice(one.value, words.gettext(said)) for one, said in UNATTENDED.items()
        ]


@dataclass(slots=True)
class KeyRow:
    """One key as typed."""

    digit: str = ""
    action: str = MenuAction.QUEUE.value
    desk: str = ""
    said: str = ""
    error: str = ""


class ReceptionPage(Controller):
    path = "/desks/{tenant_id:uuid}/{desk_id:uuid}/callers"
    opt = allow(*WHO)

    @get()
    async def show_reception(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        now = await menus.reception_of(session, desk)
        form = ReceptionForm(
            words=words_of(request), menu_prompt=now.menu_prompt, offers_callback=now.offers_callback,
            unattended=now.unattended.value,
        )  # fmt: skip
        rows = [KeyRow(key.digit, key.action.value, str(key.to_desk_id or ""), key.said) for key in now.keys]
        others = [str(one.id) for one in await menus.other_desks(session, desk)]
        for row in rows:
            row.error = _problem(row, others)  # a desk may have closed since
        return await _page(request, session, desk, form, rows)

    @post()
    async def save_reception(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        posted = await request.form()
        form = ReceptionForm(posted, words=words_of(request))
        others = await menus.other_desks(session, desk)
        rows, keys = posted_keys(posted, [str(one.id) for one in others])
        is_good = form.validate()
        _check_prompt(form, rows)
        if not is_good or form.wrong or any(row.error for row in rows):
            return await _page(request, session, desk, form, rows, status=422)
        reception = Reception(
            offers_callback=form.offers_callback.data, unattended=Unattended(form.unattended.data),
            menu_prompt=form.menu_prompt.value, keys=keys,
        )  # fmt: skip
        await menus.set_reception(session, tenant_id, desk_id=desk_id, reception=reception)
        await audit.record(session, context, "desk.changed", shop_id=tenant_id, subject_id=desk_id)
        return go(request, f"/desks/{tenant_id}/{desk_id}/callers", notice=N_("Saved."))


def posted_keys(posted: Posted, desks: Sequence[str]) -> tuple[list[KeyRow], list[Key]]:
    """Keys as typed, what is wrong marked, and as meant; rows in which nothing was chosen are dropped."""
    rows, keys = [], []
    for one in values_by_row(posted, COLUMNS):
        digit, action, desk = (one_line(one[name]) for name in COLUMNS[:3])
        row = KeyRow(code_like(digit), action, desk, tidied(one["key-said"]))
        if not row.digit and not row.said:
            continue
        rows.append(row)
        row.error = _problem(row, desks)
        if not row.error:
            to = UUID(row.desk) if row.action == MenuAction.DESK else None
            keys.append(Key(digit=row.digit, action=MenuAction(row.action), to_desk_id=to, said=row.said))
    times = Counter(row.digit for row in rows)
    for row in rows:
        if times[row.digit] > 1:
            row.error = row.error or N_("This key is in the menu twice.")
    return rows, keys


def _problem(row: KeyRow, desks: Sequence[str]) -> str:
    if row.digit not in ONE_DIGIT:
        return N_("A key is one figure from 0 to 9.")
    if row.action not in set(MenuAction):
        return N_("Please choose one from the list.")
    if row.action == MenuAction.DESK and row.desk not in desks:
        return N_("Please choose the desk that the key leads to.")
    if row.action == MenuAction.SAY and not row.said:
        return N_("Please write the answer that is read out.")
    return N_("The answer is too long to listen to.") if len(row.said) > LONGEST_ANSWER else ""


def _check_prompt(form: ReceptionForm, rows: Sequence[KeyRow]) -> None:
    """A prompt without keys, or keys that nobody is told of, would be no menu."""
    if rows and not form.menu_prompt.value:
        form.menu_prompt.errors = [form.words.gettext(N_("Callers must hear which keys there are."))]
    if form.menu_prompt.value and not rows:
        form.menu_prompt.errors = [form.words.gettext(N_("Add the keys of the menu below."))]


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    desk: Desk,
    form: ReceptionForm,
    rows: Sequence[KeyRow],
    *,
    status: int = 200,
) -> Template:
    words = words_of(request)
    return render(
        request,
        "desks/reception.html",
        status=status,
        shop=await shop_by_id(session, desk.tenant_id),
        desk=desk,
        base=f"/desks/{desk.tenant_id}/{desk.id}",
        form=form,
        rows=rows,
        actions=[(one.value, words.gettext(said)) for one, said in MENU_ACTIONS.items()],
        others=[(str(one.id), one.name) for one in await menus.other_desks(session, desk)],
        has_contacts=bool(await contacts_to_call(session, desk.tenant_id)),
    )
