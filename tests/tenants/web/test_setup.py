"""The set-up pages over HTTP: they work, refuse field by field, and keep what was typed."""

from collections.abc import AsyncGenerator
from io import BytesIO

import pytest
from litestar import Litestar
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.settings import Settings
from tenants import queries
from tenants.calendars import calendar_of
from tenants.contacts import mark_contact
from tenants.hours import Span
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

PARTS = ["", "/profile", "/phrases", "/hours", "/lines", "/contacts", "/terms"]
MINATO = {
    "brand_name": "ミナト珈琲",
    "brand_reading": "みなとこーひー",
    "legal_name": "株式会社ミナト珈琲",
    "colour": "#7A3E1D",
    "locale": "ja",
    "slug": "minato-coffee",
}


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def operator(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.OPERATOR)
    async with signed_in(app, account) as client:
        yield client


@pytest.fixture
async def supervisor(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.SUPERVISOR)
    async with signed_in(app, account) as client:
        yield client


@pytest.mark.parametrize("part", PARTS)
async def test_every_part_is_shown_to_the_operator(operator: Client, shop: Tenant, part: str) -> None:
    page = await operator.get(f"/shops/{shop.tenant_id}{part}")

    assert page.status_code == 200
    assert "ミナト珈琲" in page.text
    assert "style=" not in page.text
    assert "onclick" not in page.text


@pytest.mark.parametrize("part", PARTS[1:])
async def test_a_supervisor_reads_every_part_and_saves_none(
    supervisor: Client, shop: Tenant, part: str
) -> None:
    page = await supervisor.get(f"/shops/{shop.tenant_id}{part}")
    refused = await supervisor.post(f"/shops/{shop.tenant_id}{part}", data={})

    assert page.status_code == 200
    assert "disabled" in page.text or part == "/lines"
    assert 'type="submit">保存' not in page.text
    assert refused.status_code in {404, 405}


@pytest.mark.parametrize("part", PARTS)
async def test_a_shop_that_does_not_exist_is_not_found(operator: Client, part: str) -> None:
    assert (await operator.get(f"/shops/{uuid7()}{part}")).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.MERCHANT])
async def test_agents_and_merchants_have_no_set_up(
    app: Litestar, session: AsyncSession, shop: Tenant, role: Role
) -> None:
    account = await an_account(session, role, shops=[shop.tenant_id])
    async with signed_in(app, account) as client:
        answers = [await client.get(path) for path in ("/shops", f"/shops/{shop.tenant_id}")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_new_shop_starts_with_phrases_and_a_list_of_what_is_missing(
    operator: Client, session: AsyncSession
) -> None:
    answer = await operator.post("/shops", data=MINATO, follow_redirects=False)
    page = await operator.get(answer.headers["location"])
    listed = await operator.get("/shops")

    assert answer.status_code == 303
    assert "お電話ありがとうございます。ミナト珈琲でございます。" in page.text
    assert "このショップで鳴る電話番号がありません" in page.text
    assert "みなとこーひー" in listed.text


async def test_a_bad_new_shop_is_refused_field_by_field_and_what_was_typed_stays(operator: Client) -> None:
    typed = MINATO | {
        "brand_reading": "港珈琲",
        "colour": "brown",
        "slug": "Minato Coffee",
        "legal_name": " ",
    }
    page = await operator.post("/shops", data=typed, follow_redirects=False)

    assert page.status_code == 422
    assert "よみがなは、ひらがなまたはカタカナでご入力ください。" in page.text
    assert "この項目は必須です。" in page.text
    assert 'value="港珈琲"' in page.text
    assert 'value="Minato Coffee"' in page.text
    assert 'aria-invalid="true"' in page.text


async def test_the_refusal_comes_in_the_language_of_the_reader(app: Litestar, session: AsyncSession) -> None:
    await a_shop(session)
    account = await an_account(session, Role.OPERATOR, locale="en")
    async with signed_in(app, account) as client:
        page = await client.post("/shops", data=MINATO | {"colour": "brown"}, follow_redirects=False)

    assert "Please write the colour as # and six figures." in page.text
    assert '<html lang="en">' in page.text


async def test_a_short_name_in_use_is_refused_beside_its_field(operator: Client) -> None:
    await operator.post("/shops", data=MINATO, follow_redirects=False)
    page = await operator.post("/shops", data=MINATO, follow_redirects=False)

    assert page.status_code == 422
    assert 'id="slug-error"' in page.text


async def test_phrases_are_saved_and_the_ordinary_one_cannot_be_emptied(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    address = f"/shops/{shop.tenant_id}/phrases"
    words = {"phrase-normal-any": "はい、ミナト珈琲です。", "phrase-normal-morning": "おはようございます。"}
    saved = await operator.post(
        address, data=words | {"closed_message": "本日は閉店いたしました。"}, follow_redirects=False
    )
    refused = await operator.post(
        address, data={"phrase-normal-morning": "おはよう。"}, follow_redirects=False
    )

    assert saved.status_code == 303
    assert refused.status_code == 422
    assert 'value="おはよう。"' in refused.text
    said = {phrase.text for phrase in await queries.phrases_of(session, shop.tenant_id)}
    assert said == {"はい、ミナト珈琲です。", "おはようございます。"}


async def test_hours_typed_full_width_are_understood(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    answer = await operator.post(
        f"/shops/{shop.tenant_id}/hours",
        data={
            "opens-0": ["９：００", "13"],
            "closes-0": ["12:00", "1800"],
            "special-on": "2026-12-31",
            "special-opens": "",
            "special-closes": "",
            "special-label": "大晦日",
        },
        follow_redirects=False,
    )
    page = await operator.get(f"/shops/{shop.tenant_id}/hours")

    assert answer.status_code == 303
    assert (await calendar_of(session, shop)).week == {0: (Span(540, 720), Span(780, 1080))}
    assert 'value="2026-12-31"' in page.text
    assert 'value="大晦日"' in page.text


async def test_hours_that_overlap_or_make_no_sense_are_marked_on_their_day(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    address = f"/shops/{shop.tenant_id}/hours"
    nonsense = await operator.post(address, data={"opens-0": "nine", "closes-0": "12:00"})
    overlap = await operator.post(
        address, data={"opens-4": ["9:00", "11:00"], "closes-4": ["12:00", "13:00"]}
    )
    twice = await operator.post(
        address,
        data={
            "special-on": ["2026-12-31", "2026-12-31"],
            "special-opens": ["", "10:00"],
            "special-closes": ["", "12:00"],
            "special-label": ["", ""],
        },
    )

    assert [page.status_code for page in (nonsense, overlap, twice)] == [422, 422, 422]
    assert 'id="day-0-error"' in nonsense.text
    assert 'value="nine"' in nonsense.text
    assert 'id="day-4-error"' in overlap.text
    assert "この日付は2回入力されています。" in twice.text
    assert (await calendar_of(session, shop)).week == {}


async def test_numbers_and_addresses_are_added_and_removed(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    lines = f"/shops/{shop.tenant_id}/lines"
    await operator.post(
        f"{lines}/numbers", data={"number": "０５０－３１９６－０００１", "number_label": "注文"}
    )
    await operator.post(f"{lines}/addresses", data={"address": "Support@Minato-coffee.example"})
    page = await operator.get(lines)
    numbers = await queries.numbers_of(session, shop.tenant_id)
    addresses = await queries.addresses_of(session, shop.tenant_id)

    assert "050-3196-0001" in page.text
    assert "support@minato-coffee.example" in page.text
    await operator.post(f"{lines}/numbers/{numbers[0].id}/removal", data={})
    await operator.post(f"{lines}/addresses/{addresses[0].id}/removal", data={})
    assert await queries.numbers_of(session, shop.tenant_id) == []
    assert await queries.addresses_of(session, shop.tenant_id) == []


async def test_a_number_of_another_shop_is_refused_without_naming_it(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    other = await a_shop(session, brand="花影フラワー")
    other.colour = "#1f6b45"
    await session.flush()
    await operator.post(f"/shops/{other.tenant_id}/lines/numbers", data={"number": "050-3196-0002"})
    page = await operator.post(f"/shops/{shop.tenant_id}/lines/numbers", data={"number": "050-3196-0002"})

    assert page.status_code == 422
    assert "この番号またはアドレスは使用できません。" in page.text
    assert "花影" not in page.text


@pytest.mark.parametrize(("kind", "typed"), [("numbers", {"number": "12"}), ("addresses", {"address": "x@"})])
async def test_a_bad_line_is_refused_and_stays_as_typed(
    operator: Client, shop: Tenant, kind: str, typed: dict[str, str]
) -> None:
    page = await operator.post(f"/shops/{shop.tenant_id}/lines/{kind}", data=typed)

    assert page.status_code == 422
    assert f'value="{next(iter(typed.values()))}"' in page.text


async def test_contacts_keep_their_order_and_a_bad_one_is_marked(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    address = f"/shops/{shop.tenant_id}/contacts"
    people = {
        "contact-name": ["店長", "副店長", ""],
        "contact-reading": ["", "", ""],
        "contact-phone": ["090-1234-5678", "０８０-１２３４-５６７８", ""],
        "contact-ring": ["20", "３０", "20"],
    }
    saved = await operator.post(address, data=people, follow_redirects=False)
    refused = await operator.post(address, data=people | {"contact-phone": ["090-1234-5678", "12", ""]})

    assert saved.status_code == 303
    assert refused.status_code == 422
    assert 'value="12"' in refused.text
    contacts = await queries.contacts_of(session, shop.tenant_id)
    assert [(contact.name, contact.ring_seconds) for contact in contacts] == [("店長", 20), ("副店長", 30)]


async def test_a_number_that_the_carrier_cannot_call_is_marked_until_it_is_corrected(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    address, mark = f"/shops/{shop.tenant_id}/contacts", 'name="contact-right"'
    people = {"contact-name": ["店長"], "contact-phone": ["090-1234-5678"], "contact-ring": ["20"]}
    await operator.post(address, data=people)
    for corrected in ({"contact-right": "090-1234-5678"}, {"contact-phone": ["090-1234-5679"]}):
        await mark_contact(session, shop.tenant_id, "+819012345678", now=START)
        await session.commit()
        assert mark in (await operator.get(address)).text
        assert await queries.contacts_to_call(session, shop.tenant_id) == []
        await operator.post(address, data=people)
        assert mark in (await operator.get(address)).text, "saving anything else does not correct it"
        await operator.post(address, data=people | corrected)
        assert mark not in (await operator.get(address)).text
        assert len(await queries.contacts_to_call(session, shop.tenant_id)) == 1


async def test_terms_are_agreed_and_impossible_ones_refused(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    address = f"/shops/{shop.tenant_id}/terms"
    terms = {
        "letter": "D", "second_letter": "", "answer_within_seconds": "２０", "target_percent": "80",
        "short_abandon_seconds": "5", "mail_within_hours": "24",
    }  # fmt: skip
    refused = await operator.post(address, data=terms | {"target_percent": "101", "letter": "Z"})
    saved = await operator.post(address, data=terms, follow_redirects=False)
    page = await operator.get(address)

    assert refused.status_code == 422
    assert "1から100までの数字をご入力ください。" in refused.text
    assert 'value="101"' in refused.text
    assert saved.status_code == 303
    assert 'selected value="D"' in page.text


async def test_a_logo_is_drawn_anew_and_served_so_that_nothing_in_it_runs(
    operator: Client, shop: Tenant
) -> None:
    stream = BytesIO()
    Image.new("RGB", (64, 64), "#7a3e1d").save(stream, format="JPEG")
    none_yet = await operator.get(f"/brand/{shop.tenant_id}/logo")
    saved = await operator.post(
        f"/shops/{shop.tenant_id}/logo",
        files={"logo": ("../../evil.svg", stream.getvalue(), "image/svg+xml")},
        follow_redirects=False,
    )
    logo = await operator.get(f"/brand/{shop.tenant_id}/logo")

    assert none_yet.status_code == 404
    assert saved.status_code == 303
    assert logo.content.startswith(b"\x89PNG")
    assert logo.headers["content-type"] == "image/png"
    assert "sandbox" in logo.headers["content-security-policy"]


async def test_a_logo_whose_file_is_lost_is_the_shops_initial(
    operator: Client, shop: Tenant, shared_settings: Settings
) -> None:
    stream = BytesIO()
    Image.new("RGB", (8, 8), "#7a3e1d").save(stream, format="PNG")
    picture = {"logo": ("logo.png", stream.getvalue(), "image/png")}
    await operator.post(f"/shops/{shop.tenant_id}/logo", files=picture)
    for file in (shared_settings.data_dir / "files" / str(shop.tenant_id)).rglob("*"):
        file.unlink()
    logo = await operator.get(f"/brand/{shop.tenant_id}/logo")

    assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")
    assert f'fill="#ffffff">{shop.brand_name[0]}</text>' in logo.text
    assert "sandbox" in logo.headers["content-security-policy"]


async def test_a_logo_that_is_no_picture_is_refused(operator: Client, shop: Tenant) -> None:
    page = await operator.post(
        f"/shops/{shop.tenant_id}/logo", files={"logo": ("logo.svg", b"<svg/>", "image/svg+xml")}
    )

    assert page.status_code == 422
    assert 'id="logo-error"' in page.text


async def test_each_shop_has_its_colour_as_a_stylesheet(
    app: Litestar, session: AsyncSession, shop: Tenant
) -> None:
    other = await a_shop(session, brand="花影フラワー")
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    async with signed_in(app, agent) as client:
        own = await client.get(f"/brand/{shop.tenant_id}.css")
        foreign = await client.get(f"/brand/{other.tenant_id}.css")
        every = await client.get("/brand/all.css")

    assert own.headers["content-type"].startswith("text/css")
    assert "--brand:#7a3e1d;--on-brand:#ffffff" in own.text
    assert foreign.status_code == 404
    assert str(other.tenant_id) not in every.text


async def test_a_colour_close_to_another_shops_is_warned_of(operator: Client, shop: Tenant) -> None:
    close = await operator.get("/shops/colour-check", params={"colour": "#7a3e1e"})
    itself = await operator.get(
        "/shops/colour-check", params={"colour": "#7a3e1d", "except": str(shop.tenant_id)}
    )
    nonsense = await operator.get("/shops/colour-check", params={"colour": "x"})

    assert "ミナト珈琲" in close.text
    assert "ミナト珈琲" not in itself.text
    assert nonsense.status_code == 200
