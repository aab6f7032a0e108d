"""``/feedback/{token}``: where a shopper says how it went. No account, no cookie, nothing personal on it.

The signed link is the whole credential, so there is no session to protect from other sites; reading it is
never an answer, since mail scanners read every link.
"""

import base64
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.surveys.commands import answer_survey
from mailroom.surveys.errors import AlreadyAnswered, LinkEnded, LinkUnknown, ScoreMissing
from mailroom.surveys.links import PATH, Asked, Links
from mailroom.surveys.models import Survey
from mailroom.surveys.queries import survey_about
from mailroom.surveys.values import LONGEST_COMMENT, SCALES
from mailroom.surveys.wording import ENDS
from mailroom.web.typed import value_in
from nanori import files
from nanori.db import unit_of_work
from nanori.errors import Error, Throttled
from nanori.identity import throttle
from nanori.installation import Installation
from nanori.web.access import anyone
from nanori.web.colour import brand_rules
from nanori.web.page import context_of, installation_of, page_of
from nanori.words import words_for
from tenants.logo import MEDIA_TYPE
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
BUCKET = "survey.address"
ROOM_OF_LOGOS = "tenants"
UNSEEN = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to."""

    shop: Tenant
    logo: str  # as a data address; "" for none
    survey: Survey


class FeedbackPages(Controller):
    path = "/feedback/{token:str}"
    opt = anyone("the signed link in a mail to a shopper is the credential")

    @get("/")
    async def show_question(self, request: AnyRequest, token: FromPath[str]) -> Template:
        """The question, or thanks when there is an answer."""
        try:
            asked = await _asked(request, token)
            async with unit_of_work(installation_of(request).staff, [asked.tenant_id]) as session:
                return _page(request, await _found(request, session, asked), token, now_ends=asked)
        except (LinkUnknown, Throttled) as refusal:
            return _refused(request, refusal)

    @post("/")
    async def answer(self, request: AnyRequest, token: FromPath[str]) -> Template | Redirect:
        """Keep the one answer; a second one changes nothing and is thanked as well."""
        form, house = await request.form(), installation_of(request)
        typed, comment = value_in(form, "score"), value_in(form, "comment")
        try:
            asked = await _asked(request, token)
            async with unit_of_work(house.staff, [asked.tenant_id]) as session:
                found = await _found(request, session, asked)
                if asked.ends_at <= context_of(request).now:
                    return _page(request, found, token, now_ends=asked)
                try:
                    await answer_survey(
                        session, asked.tenant_id, asked.interaction_id, _score(typed), comment,
                        now=context_of(request).now,
                    )  # fmt: skip
                except ScoreMissing as wrong:
                    return _page(request, found, token, now_ends=asked, wrong=wrong, comment=comment)
        except AlreadyAnswered:
            await _count(request)
        except (LinkUnknown, Throttled) as refusal:
            return _refused(request, refusal)
        return Redirect(PATH + token, status_code=303, headers=UNSEEN)

    @get("/colours.css")
    async def colours(self, request: AnyRequest, token: FromPath[str]) -> Response[str]:
        """The shop's colour for this one page."""
        asked = await _asked(request, token)
        async with unit_of_work(installation_of(request).staff, [asked.tenant_id]) as session:
            rules = brand_rules(":root", (await shop_by_id(session, asked.tenant_id)).colour)
        return Response(rules, media_type="text/css", headers={"Cache-Control": "private, max-age=600"})


def links_of(request: AnyRequest) -> Links:
    """The installation's links."""
    settings = installation_of(request).settings
    return Links(settings.secret_key, settings.public_url)


async def _asked(request: AnyRequest, token: str) -> Asked:
    """What the link says, ended or not; guessing is counted and slowed down.

    Raises:
        LinkUnknown: none of ours.
        Throttled: too many of those from one address.
    """
    house = installation_of(request)
    opened: AsyncSession = request.scope["state"]["session"]
    await opened.rollback()  # it is bound to whoever is signed in; this page asks for its own shop
    async with house.staff.begin() as session:
        seconds = await throttle.seconds_blocked(session, BUCKET, _address(request), now=house.clock.now())
    if seconds:
        raise Throttled(seconds=seconds)
    try:
        return links_of(request).read(token[: LONGEST_TOKEN + 1])
    except LinkUnknown:
        await _count(request)
        raise


async def _count(request: AnyRequest) -> None:
    house = installation_of(request)
    async with house.staff.begin() as session:
        await throttle.count_failure(session, BUCKET, _address(request), now=house.clock.now())


def _address(request: AnyRequest) -> bytes:
    secret = installation_of(request).settings.secret_key
    return throttle.subject_hash(secret, request.client.host if request.client else "unknown")


async def _found(request: AnyRequest, session: AsyncSession, asked: Asked) -> Found:
    """Raises:
    LinkUnknown: nobody was asked about this contact.
    """
    survey = await survey_about(session, asked.tenant_id, asked.interaction_id)
    if survey is None:
        raise LinkUnknown
    shop = await shop_by_id(session, asked.tenant_id)
    return Found(shop, await _logo(session, shop, installation_of(request)), survey)


async def _logo(session: AsyncSession, shop: Tenant, house: Installation) -> str:
    if shop.logo_file_id is None or not house.files.has(shop.tenant_id, shop.logo_file_id):
        return ""
    file = await files.find(session, shop.tenant_id, shop.logo_file_id, room=ROOM_OF_LOGOS)
    picture = base64.b64encode(house.files.read(shop.tenant_id, file.id)).decode()
    return f"data:{MEDIA_TYPE};base64,{picture}"


def _page(
    request: AnyRequest, found: Found, token: str, *, now_ends: Asked, wrong: Error | None = None,
    comment: str = "",
) -> Template:  # fmt: skip
    survey, words = found.survey, words_for(found.shop.locale)
    has_ended = now_ends.ends_at <= context_of(request).now and survey.answered_at is None
    least, most = ENDS[survey.kind]
    return Template(
        "mailroom/feedback.html",
        status_code=LinkEnded.status_code if has_ended else wrong.status_code if wrong else 200,
        headers=UNSEEN,
        context={
            "words": words, "page": page_of(request), "shop": found.shop, "logo": found.logo,
            "place": PATH + token, "question": survey.question, "scores": SCALES[survey.kind].scores,
            "least": words.gettext(least), "most": words.gettext(most),
            "is_answered": survey.answered_at is not None,
            "ended": words.gettext(LinkEnded.message) if has_ended else "",
            "wrong": words.gettext(wrong.message) if wrong else "",
            "comment": comment, "longest": LONGEST_COMMENT,
        },
    )  # fmt: skip


def _refused(request: AnyRequest, refusal: Error) -> Template:
    """Without a shop there is no brand to show; the words are the browser's."""
    words = words_for(context_of(request).locale)
    return Template(
        "mailroom/feedback_refused.html", status_code=refusal.status_code, headers=UNSEEN,
        context={
            "words": words, "is_unknown": isinstance(refusal, LinkUnknown), "said": refusal.said_in(words),
        },
    )  # fmt: skip


def _score(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len("10") else None
