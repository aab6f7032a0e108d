"""A shop changes its hours and people from its own page; the desk sees it, and may hold it back."""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from litestar import Litestar
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.alerts import open_alerts
from nanori.audit import AuditEntry
from nanori.db import across_shops, unit_of_work
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from nanori_app.due import whats_due
from reports.closing.commands import close_month
from tenants.calendars import calendar_of
from tenants.changes import worker
from tenants.changes.commands import change_days
from tenants.changes.models import ChangeState, ShopChange
from tenants.changes.rules import Today
from tenants.changes.worker import follow_change, follow_changes
from tenants.contacts import ContactPerson, set_contacts
from tenants.escalation.models import OnCall
from tenants.hours import Span, spans_on
from tenants.models import Tenant
from tenants.queries import contacts_of
from tests.reports.logged import an_open_shop
from tests.support.clock import START
from tests.support.people import an_account, signed_in

MIDNIGHT = datetime(2026, 11, 30, 15, tzinfo=UTC)  # of December in Tokyo
DECEMBER = {"holds_from": "2026-12-01"}
FILES = ("hours.csv", "hours.json", "contacts.csv", "contacts.json")
OWNER = ContactPerson(name="店長", phone="+819012345678")


@dataclass
class House:
    app: Litestar
    house: Installation
    coffee: Tenant
    flowers: Tenant
    people: dict[Role, Account]

    async def alerts(self) -> list[str]:
        async with across_shops(self.house.staff) as session:
            return [one.kind for one in await open_alerts(session)]

    async def people_called(self) -> list[str]:
        async with unit_of_work(self.house.staff, [self.coffee.tenant_id]) as session:
            return [one.name for one in await contacts_of(session, self.coffee.tenant_id)]


@pytest.fixture
async def house(clone: Installation) -> AsyncGenerator[House]:
    async with across_shops(clone.staff) as session:
        coffee = await an_open_shop(session, slug="minato-coffee")
        flowers = await an_open_shop(session, slug="hanakage")
        await set_contacts(session, coffee.tenant_id, [OWNER])
        people = {
            role: await an_account(session, role, shops=[coffee.tenant_id] if role is Role.MERCHANT else None)
            for role in (Role.MERCHANT, Role.SUPERVISOR)
        }
        people[Role.SUPERVISOR].name = "内緒 花子"
    with borrowed_app(clone) as app:
        yield House(app, clone, coffee, flowers, people)


async def test_a_shop_closes_some_days_the_desk_is_told_and_holds_one_back(house: House) -> None:
    place = f"/portal/{house.coffee.tenant_id}"
    days = {"holds_from": "2026-12-30", "holds_until": "2027-01-03", "label": "年末年始"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        done = await client.post(f"{place}/days", data=days, follow_redirects=False)
        await follow_changes(house.house, START)
        told = await house.alerts()
        said: list[str] = []
        for engine in house.house.engines:
            event.listen(engine.sync_engine, "before_cursor_execute", lambda *news: said.append(news[2]))
        page = (await client.get(f"{place}/hours")).text
        page_costs = len(said)
        foreign = await client.post(f"/portal/{house.flowers.tenant_id}/days", data=days)
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as client:
        wishes = (await client.get("/wishes")).text
        hold = next(part.split('"')[0] for part in wishes.split('action="')[1:] if "/hold" in part)
        silent = await client.post(hold, data={"reason": " "})
        held = await client.post(hold, data={"reason": "1/2は福袋の受付があります。"}, follow_redirects=False)
        late = await client.post(hold, data={"reason": "もう一度"})
    await follow_changes(house.house, START)
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        after = (await client.get(f"{place}/hours")).text

    assert [done.status_code, foreign.status_code] == [303, 404]
    assert told == ["shop_change"]
    assert "年末年始" in page
    assert "適用予定" in page
    assert page_costs <= 9
    assert [silent.status_code, held.status_code, late.status_code] == [422, 303, 409]
    assert "1/2は福袋の受付があります。" in after
    assert house.people[Role.SUPERVISOR].name not in after
    assert await house.alerts() == []
    async with across_shops(house.house.staff) as session:
        assert spans_on(await calendar_of(session, house.coffee), date(2026, 12, 30)) == (Span(540, 1080),)
        actions = set(await session.scalars(select(AuditEntry.action)))
    assert {"change.added", "change.held"} <= actions


async def test_what_makes_no_sense_is_said_at_its_field(house: House) -> None:
    async with unit_of_work(house.house.worker, [house.coffee.tenant_id]) as session:
        await close_month(session, house.coffee.tenant_id, date(2026, 10, 1), now=START)
    run = {"holds_from": "2026-12-30"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        for typed, field, said in (
            ({"holds_from": "2026-11-02"}, "days-from", "明日以降"),
            ({"holds_from": "2026-10-31"}, "days-from", "締め処理の済んだ月"),
            ({"holds_from": ""}, "days-from", "適用開始日"),
            (run | {"holds_until": "2026-12-29"}, "days-until", "開始日より前"),
            (run | {"holds_until": "nobody knows"}, "days-until", "日付として"),
            (run | {"opens": "18:00", "closes": "9:00"}, "times", "後の時刻"),
            (run | {"opens": ["9:00", "11:00"], "closes": ["12:00", "13:00"]}, "times", "重なって"),
            (run | {"opens": "nine", "closes": ""}, "times", "09:00"),
        ):
            page = await client.post(f"/portal/{house.coffee.tenant_id}/days", data=typed)
            assert page.status_code == 422
            assert said in page.text.split(f'id="{field}-error"')[1].split("</p>")[0], typed


async def test_other_hours_hold_at_midnight_without_anything_running(house: House) -> None:
    place = f"/portal/{house.coffee.tenant_id}/hours"
    week = {"opens-0": "13:00", "closes-0": "21:00", "holds_from": "2026-12-01"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        overlapping = await client.post(
            place, data=week | {"opens-0": ["9:00", "11:00"], "closes-0": ["12:00", "13:00"]}
        )
        saved = await client.post(place, data=week, follow_redirects=False)
        twice = await client.post(place, data=week)
    async with across_shops(house.house.staff) as session:
        calendar = await calendar_of(session, house.coffee)

    assert [overlapping.status_code, saved.status_code, twice.status_code] == [422, 303, 422]
    assert 'id="day-0-error"' in overlapping.text
    assert 'id="week-from-error"' in twice.text
    assert spans_on(calendar, date(2026, 11, 30)) == (Span(540, 1080),)
    assert spans_on(calendar, date(2026, 12, 7)) == (Span(780, 1260),)
    assert spans_on(calendar, date(2026, 12, 1)) == ()


async def test_a_shops_own_days_stand_beside_the_hours_that_are_set_up(house: House) -> None:
    run = {"holds_from": "2026-12-30", "holds_until": "2027-01-03", "label": "年末年始"}
    place, set_up = f"/portal/{house.coffee.tenant_id}", f"/shops/{house.coffee.tenant_id}/hours"
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as leader:
        empty = beside(await leader.get(set_up))
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        await client.post(f"{place}/days", data=run)
        await client.post(f"{place}/hours", data=DECEMBER | {"opens-0": "13", "closes-0": "21"})
    async with signed_in(house.app, house.people[Role.SUPERVISOR]) as leader:
        said = beside(await leader.get(set_up))
        of_flowers = beside(await leader.get(f"/shops/{house.flowers.tenant_id}/hours"))

    assert "今後の予定はありません" in empty
    assert said.index("月 13:00–21:00") < said.index("休業 (年末年始)")
    assert 'href="/wishes"' in said
    assert of_flowers == empty


def beside(page: Response) -> str:
    return page.text.split('id="own-title"')[1].split("</section>")[0]


async def test_people_are_replaced_at_midnight_once(house: House) -> None:
    place = f"/portal/{house.coffee.tenant_id}/contacts"
    people = {"contact-name": ["副店長"], "contact-phone": ["080-1234-5678"], "contact-ring": ["20"]}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        undiallable = await client.post(place, data=people | {"contact-phone": ["0120"]})
        done = await client.post(place, data=people | {"holds_from": "2026-12-01"}, follow_redirects=False)
    before = await house.people_called()
    await follow_changes(house.house, START)
    await follow_changes(house.house, MIDNIGHT - timedelta(seconds=1))
    still = await house.people_called()
    async with across_shops(house.house.worker) as session:
        assert follow_changes in (await whats_due(session, now=MIDNIGHT)).steps
    for _ in range(2):
        await follow_changes(house.house, MIDNIGHT)
    async with across_shops(house.house.worker) as session:
        assert follow_changes not in (await whats_due(session, now=MIDNIGHT)).steps
        change = (await session.scalars(select(ShopChange))).one()

    assert [undiallable.status_code, done.status_code] == [422, 303]
    assert "この電話番号にはかけられません。" in undiallable.text
    assert [before, still, await house.people_called()] == [["店長"], ["店長"], ["副店長"]]
    assert (change.state, change.people) == (ChangeState.DONE, None)
    assert await house.alerts() == []


async def test_somebody_whom_a_policy_has_named_since_keeps_all_as_it_was(house: House) -> None:
    tenant_id = house.coffee.tenant_id
    place = f"/portal/{tenant_id}/contacts"
    people = {"contact-name": ["副店長"], "contact-phone": ["080-1234-5678"], "holds_from": "2026-12-01"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        await client.post(place, data=people)
        async with unit_of_work(house.house.staff, [tenant_id]) as session:
            (owner,) = await contacts_of(session, tenant_id)
            duty = {"starts_at": START, "ends_at": MIDNIGHT + timedelta(days=1)}
            session.add(OnCall(tenant_id=tenant_id, contact_id=owner.id, rank=1, **duty))
        await follow_changes(house.house, MIDNIGHT)
        page = (await client.get(place)).text
        refused = await client.post(place, data=people | {"holds_from": "2026-12-02"})

    assert await house.people_called() == ["店長"]
    assert await house.alerts() == ["shop_change_failed"]
    assert "店長" in page.split("理由：")[1].split("</p>")[0]
    assert refused.status_code == 422


async def test_the_trouble_of_one_shop_keeps_no_other_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks_for_flowers(session: AsyncSession, tenant_id: UUID, *rest: Any, **more: Any) -> None:
        if tenant_id == house.flowers.tenant_id:
            raise OSError("broken")
        await follow_change(session, tenant_id, *rest, **more)

    made = {}
    for shop in (house.flowers, house.coffee):
        async with unit_of_work(house.house.staff, [shop.tenant_id]) as session:
            made[shop.slug] = await change_days(
                session, shop, (), first=date(2026, 12, 30), last=None, label="", now=START,
                today=Today(on=date(2026, 11, 2)),
            )  # fmt: skip
    monkeypatch.setattr(worker, "follow_change", breaks_for_flowers)
    await follow_changes(house.house, START)
    async with across_shops(house.house.staff) as session:
        due = {one.id: one.due_at for one in await session.scalars(select(ShopChange))}

    assert due[made["hanakage"].id] == START + worker.TRY_AGAIN_AFTER
    assert due[made["minato-coffee"].id] == datetime(2026, 12, 29, 15, tzinfo=UTC)


async def test_two_tabs_at_once_make_one_change(house: House) -> None:
    place, days = f"/portal/{house.coffee.tenant_id}/days", {"holds_from": "2026-12-30"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        answers = await asyncio.gather(
            *(client.post(place, data=days, follow_redirects=False) for _ in range(3))
        )

    assert sorted(one.status_code for one in answers) == [303, 422, 422]


async def test_hours_and_their_changes_are_handed_out_for_programs(house: House) -> None:
    place = f"/portal/{house.coffee.tenant_id}"
    eve = {"holds_from": "2026-12-24", "opens": "10:00", "closes": "24:00"}
    run = {"holds_from": "2026-12-30", "holds_until": "2026-12-31", "label": "=年末"}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        await client.post(f"{place}/days", data=eve)
        page = (await client.get(f"{place}/hours")).text
        await client.post(next(part.split('"')[0] for part in page.split('action="') if "withdrawal" in part))
        for path, typed in (
            ("days", run),
            ("days", eve),
            ("hours", DECEMBER | {"opens-0": "13", "closes-0": "21"}),
        ):
            assert (await client.post(f"{place}/{path}", data=typed)).status_code == 200
        hours = (await client.get(f"{place}/hours.json")).json()
        heads, *rows = rows_of((await client.get(f"{place}/hours.csv")).content)

    assert {"hours.csv", "hours.json"} == {part.split('"')[0] for part in page.split(f'"{place}/')} & {*FILES}
    assert (hours["shop"], hours["zone"], hours["on"]) == ("minato-coffee", "Asia/Tokyo", "2026-11-02")
    assert hours["week"]["monday"] == [{"opens": "09:00", "closes": "18:00"}]
    assert [tuple(day.values()) for day in hours["days"]] == [
        ("2026-12-24", "", [{"opens": "10:00", "closes": "24:00"}]),
        ("2026-12-30", "=年末", []),
        ("2026-12-31", "=年末", []),
    ]
    assert {(one["kind"], one["holds_from"], one["state"]) for one in hours["changes"]} == {
        ("days", "2026-12-30", "coming"), ("days", "2026-12-24", "coming"),
        ("days", "2026-12-24", "withdrawn"), ("week", "2026-12-01", "coming"),
    }  # fmt: skip
    listed = [dict(zip(heads, row, strict=True)) for row in rows]
    assert len(listed) == 8 + 3 + 3 + 8
    monday = next(one for one in listed if one["part"] == "change of week" and one["day"] == "monday")
    assert (monday["holds_from"], monday["opens"], monday["closes"]) == ("2026-12-01", "13:00", "21:00")
    assert {one["label"] for one in listed} == {"", "'=年末"}


async def test_people_and_who_will_be_are_handed_out_to_their_own_shop_alone(house: House) -> None:
    place = f"/portal/{house.coffee.tenant_id}"
    people = DECEMBER | {"contact-name": ["副店長"], "contact-phone": ["080-1234-5678"]}
    async with signed_in(house.app, house.people[Role.MERCHANT]) as client:
        await client.post(f"{place}/contacts", data=people)
        told = (await client.get(f"{place}/contacts.json")).json()
        table = rows_of((await client.get(f"{place}/contacts.csv")).content)
        foreign = [await client.get(f"/portal/{house.flowers.tenant_id}/{name}") for name in FILES]
        nowhere = await client.get(f"/portal/{UUID(int=1)}/contacts.json")
    async with across_shops(house.house.staff) as session:
        actions = [*await session.scalars(select(AuditEntry.action))]

    assert [one["phone"] for one in told["people"]] == ["+819012345678"]
    (change,) = told["changes"]
    assert [(one["name"], one["phone"]) for one in change["people"]] == [("副店長", "+818012345678")]
    assert [(row[0], row[5], row[6], row[8]) for row in table[1:]] == [
        ("in_force", "1", "店長", "090-1234-5678"),
        ("coming", "1", "副店長", "080-1234-5678"),
    ]
    assert {one.status_code for one in foreign} == {nowhere.status_code} == {404}
    assert actions.count("portal.downloaded") == 2


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
