import stat
from pathlib import Path

import pytest

from nanori.settings import LoginKind, Settings, SettingsInvalid, load_settings, role_name, role_password

SECRET = "s" * 32
URL = "postgresql://owner:word@db.example/nanori"
REAL = {
    "NANORI_DATABASE_URL": URL,
    "NANORI_SECRET_KEY": SECRET,
    "NANORI_PUBLIC_URL": "https://desk.example.com/",
    "NANORI_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "NANORI_TWILIO_AUTH_TOKEN": "t" * 32,
    "NANORI_SMTP_URL": "smtp://user:word@mail.example.com:587",
}


def test_real_installation_is_not_simulated() -> None:
    settings = load_settings(REAL)
    assert not settings.simulated
    assert not settings.mail_sink
    assert settings.twilio_api_url == "https://api.twilio.com"
    assert settings.public_url == "https://desk.example.com"


def test_edge_and_region_name_the_host_that_requests_go_to() -> None:
    settings = load_settings(REAL | {"NANORI_TWILIO_EDGE": "tokyo", "NANORI_TWILIO_REGION": "us1"})
    assert settings.twilio_api_url == "https://api.tokyo.us1.twilio.com"


def test_without_an_account_the_simulated_carrier_plays_it(tmp_path: Path) -> None:
    settings = load_settings({"NANORI_DATA_DIR": str(tmp_path), "NANORI_CARRIER_PORT": "9001"})
    assert settings.simulated
    assert settings.mail_sink
    assert settings.twilio_api_url == "http://127.0.0.1:9001"
    assert len(settings.twilio_auth_token) == 32


def test_public_address_follows_the_port(tmp_path: Path) -> None:
    settings = load_settings({"NANORI_DATA_DIR": str(tmp_path), "NANORI_PORT": "8500"})
    assert settings.public_url == "http://127.0.0.1:8500"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NANORI_DATABASE_URL", "mysql://h/n", "must be a PostgreSQL address"),
        ("NANORI_DATABASE_URL", "postgresql://h", "names no database"),
        ("NANORI_DATABASE_URL", "not an address", "must be a PostgreSQL address like"),
        ("NANORI_PORT", "eighty", "is wrong: input should be a valid integer"),
        ("NANORI_PORT", "70000", "is wrong: input should be less than or equal to 65535"),
        ("NANORI_PUBLIC_URL", "desk.example.com", "must be a web address like"),
        ("NANORI_SECRET_KEY", "short", "needs at least 32 characters"),
        ("NANORI_TWILIO_ACCOUNT_SID", "AC12", "must be AC followed by 32"),
        ("NANORI_TWILIO_API_KEY", "SK" + "1" * 32, "work together"),
        ("NANORI_TWILIO_EDGE", "tokyo", "work together"),
        ("NANORI_TWILIO_EDGE", "osaka", "input should be 'ashburn'"),
        ("NANORI_TWILIO_REGION", "jp2", "input should be 'us1'"),
        ("NANORI_AGENT_PHONE_COUNTRIES", "Japan", "by their two letters"),
        ("NANORI_NUMBER_QUARANTINE_DAYS", "-1", "greater than or equal to 0"),
        ("NANORI_SMTP_URL", "mail.example.com", "must be an address like smtp://"),
        ("NANORI_LOCALE", "fr", "input should be 'ja' or 'en'"),
        ("NANORI_ZONE", "Asia/Nowhere", "must be a time zone's name"),
        ("NANORI_ZONE", "../../etc/passwd", "must be a time zone's name"),
        ("NANORI_LOG_LEVEL", "loud", "input should be"),
        ("NANORI_DEMO", "perhaps", "input should be a valid boolean"),
        ("NANORI_POOL_SIZE", "0", "greater than or equal to 1"),
        ("NANORI_PROT", "8400", "is no setting of Nanori"),
    ],
)
def test_wrong_value_is_refused_in_one_sentence_with_its_name(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        load_settings(REAL | {name: value})
    [line] = str(refusal.value).splitlines()
    assert name in line
    assert said in line
    assert line.endswith(".")


def test_every_wrong_value_has_its_own_line() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        load_settings(REAL | {"NANORI_PORT": "x", "NANORI_LOCALE": "x", "NANORI_ZONE": "x"})
    assert len(str(refusal.value).splitlines()) == 3


def test_secrets_are_neither_shown_nor_quoted() -> None:
    assert SECRET not in repr(load_settings(REAL))
    assert "word" not in repr(load_settings(REAL))
    with pytest.raises(SettingsInvalid) as refusal:
        load_settings(REAL | {"NANORI_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("name", ["NANORI_SECRET_KEY", "NANORI_TWILIO_AUTH_TOKEN"])
def test_missing_secret_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"{name} is missing"):
        load_settings({key: value for key, value in REAL.items() if key != name})


def test_empty_variable_counts_as_not_given() -> None:
    assert load_settings(REAL | {"NANORI_LOCALE": " "}).locale == "ja"


def test_demo_makes_its_secret_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    environ = {"NANORI_DEMO": "true", "NANORI_DATA_DIR": str(tmp_path / "var")}
    first, second = load_settings(environ), load_settings(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsInvalid, match="can be neither read nor made"):
        load_settings({"NANORI_DATA_DIR": str(tmp_path / "file" / "var")})


def test_each_kind_logs_in_under_its_own_role_and_password() -> None:
    settings = Settings(secret_key=SECRET, database_url=URL)
    urls = {settings.url_for(kind) for kind in LoginKind}
    assert len(urls) == len(LoginKind)
    assert settings.url_for(LoginKind.STAFF).startswith("postgresql+psycopg://nanori_staff:")
    assert all(url.endswith("@db.example/nanori") for url in urls)


def test_databases_of_one_server_have_their_own_roles() -> None:
    assert role_name("nanori", LoginKind.WORKER) == "nanori_worker"
    assert role_name("a", LoginKind.STAFF) != role_name("b", LoginKind.STAFF)
    long = role_name("Très long " * 10, LoginKind.STAFF)
    assert len(long) <= 63
    assert long.isascii()


def test_password_of_a_role_tells_nothing_about_another() -> None:
    assert role_password(SECRET, "a") != role_password(SECRET, "b")
    assert role_password(SECRET, "a") != role_password("t" * 32, "a")


def test_without_a_database_its_address_is_asked_for() -> None:
    with pytest.raises(SettingsInvalid, match="NANORI_DATABASE_URL is missing"):
        Settings(secret_key=SECRET).owner_url()


def test_every_setting_is_explained_in_the_documents() -> None:
    explained = (Path(__file__).parents[2] / "docs" / "howto" / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"NANORI_{name.upper()}" not in explained]
    assert missing == []
