"""What the demo's agents may answer: some articles for each shop, a notice, and a public page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scripts_talk.knowledge import commands
from scripts_talk.knowledge.commands import Wording
from scripts_talk.knowledge.values import ArticleKind
from tenants.models import Tenant

PUBLIC_PAGE = "minato-coffee"
JA = {
    ArticleKind.RETURN_TERMS: Wording(
        title="返品・交換はできますか",
        body=(
            "商品到着後**8日以内**に、注文番号を添えてご連絡ください。\n\n"
            "- 未開封の商品：返品できます。送料はお客様のご負担です。\n"
            "- 不良品・誤配送：着払いでお送りいただき、すぐに代わりの商品を発送します。"
        ),
        keywords="返送 クーリングオフ 不良品",
    ),
    ArticleKind.FAQ: Wording(
        title="お届け日は変更できますか",
        body="発送前であれば変更できます。注文番号とご希望日をお知らせください。発送後は配送会社の再配達をご利用ください。",
        keywords="配達日 日時指定 キャンセル",
    ),
    ArticleKind.POLICY: Wording(
        title="定期便の解約を申し出られたとき",
        body=(
            "1. 次回お届け予定日と注文番号を確かめる\n2. 予定日の7日前までなら、その場で承る\n"
            "3. 過ぎているときは次の回からになることを伝える\n\n引き止めのために事実と違うことを言わない。"
        ),
        keywords="退会 停止 やめたい",
    ),
}
EN = {
    ArticleKind.RETURN_TERMS: Wording(
        title="Can I return my order?",
        body="Yes, unopened goods within **8 days** of arrival. Please have the order number at hand.",
        keywords="refund exchange",
    ),
    ArticleKind.FAQ: Wording(
        title="Can the delivery date be changed?",
        body="Yes, until the parcel has left. We need the order number and the new date.",
        keywords="reschedule cancel",
    ),
}
NOTICE = Wording(
    title="年末の出荷は12月29日までです",
    body="12月30日から1月4日までは出荷がありません。お届け日を聞かれたら、**1月5日以降**とお伝えください。",
)


async def write_articles(session: AsyncSession, shop: Tenant, *, by: UUID, now: datetime) -> None:
    """Published all of them; one shop shows two of them to everybody."""
    wordings = JA if shop.locale == "ja" else EN
    for kind, wording in wordings.items():
        article_id = await _publish(session, shop, kind, wording, by=by, now=now)
        if kind is not ArticleKind.POLICY:
            await commands.set_kind(session, shop.tenant_id, article_id, kind=kind, is_public=True)
    if shop.slug == PUBLIC_PAGE:
        await _publish(session, shop, ArticleKind.NOTICE, NOTICE, by=by, now=now)
        await commands.set_rules(
            session, shop.tenant_id, approves=True, has_public_page=True, may_be_indexed=False
        )


async def _publish(
    session: AsyncSession, shop: Tenant, kind: ArticleKind, wording: Wording, *, by: UUID, now: datetime
) -> UUID:
    draft = await commands.add_article(session, shop.tenant_id, kind, wording, by=by, now=now)
    await commands.publish_draft(session, shop.tenant_id, draft.article_id, now=now)
    return draft.article_id
