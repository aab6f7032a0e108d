"""One server per test run, one migrated template; most tests run in one transaction that is thrown away.

``session`` and ``app`` belong to that first tier. Tests about NOTIFY, jobs, concurrency or several login
roles take ``clone``: a database of their own, made from the template.
"""

import gc
import os
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from argon2 import PasswordHasher, profiles
from hypothesis import settings
from litestar import Litestar
from playwright.async_api import Browser
from sqlalchemy import NullPool, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from nanori.db import Sessions
from nanori.files import FileStore
from nanori.identity import passwords
from nanori.installation import Installation, connect, plain_url
from nanori.live import Hub
from nanori.messages import Post
from nanori.settings import LoginKind, Settings
from nanori_app.asgi import borrowed_app
from nanori_app.cluster import Cluster
from nanori_app.post import build_post
from tests.support.browser import chromium
from tests.support.clock import START, TestClock
from tests.support.compiled import share_compiled_statements
from tests.support.server import SECRET, database, give_roles, migrate

settings.register_profile("nanori", deadline=None)  # how busy a machine is is no defect
settings.load_profile("nanori")
share_compiled_statements()
passwords.HASHER = PasswordHasher.from_parameters(profiles.CHEAPEST)  # a thousand accounts need no good lock
ROOT = Path(__file__).parents[1]
SERVER = "NANORI_TEST_SERVER"
LONGEST = ("test_killed.py", "test_seeds.py", "test_demo_browser.py", "test_demo.py", "test_rehearsal.py")
"""Files that take minutes begin first: begun last, they would keep one core waiting for the other."""


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the server (or names the one given); parallel ones inherit its address."""
    if hasattr(config, "workerinput") or SERVER in os.environ:
        return
    given = os.environ.pop("NANORI_DATABASE_URL", None)
    if given:
        os.environ[SERVER] = given
        return
    cluster = Cluster(ROOT / "var" / "test-postgres", durable=False, keep=False)
    cluster.start()
    config.add_cleanup(cluster.stop)
    os.environ[SERVER] = cluster.owner_url()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait, for a browser or another process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """What stays until the end need not be looked through again with every thousand new objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def template() -> Generator[str]:
    """Name of a migrated database without login roles."""
    with database(os.environ[SERVER]) as url:
        migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def shared_settings(template: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Settings]:
    with database(os.environ[SERVER], template) as url:
        settings = settings_for(url, tmp_path_factory.mktemp("data"))
        give_roles(settings)
        yield settings


def settings_for(url: str, data_dir: Path) -> Settings:
    """Settings of one test installation."""
    return Settings(
        database_url=url,
        secret_key=SECRET,
        data_dir=data_dir,
        vendor_dir=ROOT / "var" / "vendor",
        public_url="http://testserver.local",
    )


@pytest.fixture(scope="session")
async def staff_engine(shared_settings: Settings) -> AsyncGenerator[AsyncEngine]:
    engine = create_async_engine(shared_settings.url_for(LoginKind.STAFF), poolclass=NullPool)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
async def post(shared_settings: Settings) -> AsyncGenerator[Post]:
    post = build_post(shared_settings.url_for(LoginKind.STAFF))
    async with post.queue.open_async():
        yield post


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """One Chromium for all tests of a process; each opens windows of its own and closes them."""
    async with chromium() as opened:
        yield opened


@pytest.fixture
def clock() -> TestClock:
    return TestClock(START)


@pytest.fixture
async def sessions(staff_engine: AsyncEngine, post: Post) -> AsyncGenerator[Sessions]:
    """A session factory whose commits are savepoints of one transaction that is thrown away."""
    async with staff_engine.connect() as connection, connection.begin() as transaction:
        yield async_sessionmaker(
            connection,
            class_=AsyncSession,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info={"post": post},
        )
        await transaction.rollback()


@pytest.fixture
async def session(sessions: Sessions) -> AsyncGenerator[AsyncSession]:
    """A session that has bound no tenant yet."""
    async with sessions() as session:
        yield session


@pytest.fixture
def installation(shared_settings: Settings, sessions: Sessions, clock: TestClock) -> Installation:
    """All roles are staff here, in the one transaction of the test."""
    return Installation(
        settings=shared_settings,
        clock=clock,
        staff=sessions,
        merchant=sessions,
        worker=sessions,
        files=FileStore(shared_settings.data_dir / "files"),
        hub=Hub(plain_url(shared_settings.url_for(LoginKind.STAFF))),
    )


@pytest.fixture
def app(installation: Installation) -> Generator[Litestar]:
    with borrowed_app(installation) as app:
        yield app


@pytest.fixture
async def clone(template: str, tmp_path: Path, clock: TestClock) -> AsyncGenerator[Installation]:
    """A real installation on a database of its own, each role under its own login."""
    with database(os.environ[SERVER], template) as url:
        settings = settings_for(url, tmp_path)
        give_roles(settings)
        post = build_post(settings.url_for(LoginKind.STAFF))
        installation = connect(settings, post, clock)
        async with post.queue.open_async():
            yield installation
        await installation.close()
