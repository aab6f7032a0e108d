"""The command line as a person meets it: help, exit codes, refusals in a sentence."""

import json
import os
import socket
import subprocess
import sys

import pytest

from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.cli.group import MODULES, run
from tests.support.commands import run_command
from tests.support.server import SECRET, database

COMMANDS = [
    *([name] for name in MODULES),
    ["audit", "rls"],
    ["user", "add"],
    ["user", "disable"],
    ["mail", "receive"],
]
PASSWORD = "correct horse battery"


def nanori(
    *words: str, settings: Settings | None = None, given: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, with nothing of this one's settings."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NANORI_")}
    if settings is not None:
        clean |= {"NANORI_DATABASE_URL": settings.owner_url(), "NANORI_SECRET_KEY": settings.secret_key}
        clean |= {"NANORI_DATA_DIR": str(settings.data_dir)}
    return run_command(words, clean | environ, given)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"Usage: nanori {' '.join(words)} ")
    assert "--help" in printed


def test_list_of_commands_gives_each_a_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name} " in printed for name in MODULES)
    assert "..." not in printed.partition("Commands:")[2]


@pytest.mark.parametrize(
    "words", [["nonsense"], ["serve", "--bogus"], ["serve", "--port", "x"], ["user", "add"]]
)
def test_wrong_words_exit_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "Error:" in capsys.readouterr().err


def test_wrong_setting_is_one_line_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nanori_app.cli", "migrate"],
        env=os.environ | {"NANORI_PORT": "eighty"}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "NANORI_PORT is wrong: input should be a valid integer, unable to parse string as an integer."
    ]


def test_database_that_does_not_answer_is_one_line_and_no_traceback() -> None:
    done = nanori(
        "migrate", NANORI_DATABASE_URL="postgresql://x@127.0.0.1:1/n", NANORI_SECRET_KEY=SECRET
    )  # fmt: skip
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("The database does not answer: ")


def test_database_without_the_newest_tables_is_not_served() -> None:
    with database(os.environ["NANORI_TEST_SERVER"]) as url:
        done = nanori("serve", settings=Settings(secret_key=SECRET, database_url=url))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The database lacks the newest tables. Run 'nanori migrate' first.\n"


async def test_port_in_use_is_told_before_anything_starts(clone: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = nanori("serve", "--port", str(port), settings=clone.settings)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"Port {port} is in use by another program.")


async def test_demo_names_the_port_that_is_taken(clone: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = nanori(
            "demo", settings=clone.settings, NANORI_CARRIER_PORT=str(port), NANORI_PORT=str(free_port())
        )
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "NANORI_CARRIER_PORT=" in done.stderr


async def test_first_operator_comes_by_the_command_line(clone: Installation) -> None:
    words = ["user", "add", "first@nanori.example", "--name", "岡田 運用", "--role", "operator"]
    done = nanori(*words, "--password-stdin", "--json", settings=clone.settings, given=f"{PASSWORD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    added = json.loads(done.stdout)
    assert (added["login"], added["role"], added["shops"]) == ("first@nanori.example", "operator", [])
    shut = nanori("user", "disable", "first@nanori.example", settings=clone.settings)
    assert (shut.returncode, shut.stdout) == (0, "first@nanori.example may not log in any more.\n")
    again = nanori(*words, "--password-stdin", settings=clone.settings, given=f"{PASSWORD}\n")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert PASSWORD not in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["not-an-address", "--role", "operator"], "is no mail address"),
        (["a@nanori.example", "--role", "merchant"], "name each with --shop"),
        (["a@nanori.example", "--role", "operator", "--shop", "x"], "leave --shop out"),
    ],
)
def test_account_that_cannot_be_is_refused_in_words(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["user", "add", *words, "--name", "A"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


async def test_shop_that_is_not_there_is_refused_in_words(clone: Installation) -> None:
    words = ["user", "add", "a@nanori.example", "--name", "A", "--role", "agent", "--shop", "nowhere"]
    done = nanori(*words, "--password-stdin", settings=clone.settings, given=PASSWORD)
    assert (done.returncode, done.stderr) == (1, "There is no shop with the short name 'nowhere'.\n")


async def test_mail_for_nobody_exits_with_67(clone: Installation) -> None:
    given = "From: a@example.com\nTo: nobody@example.com\nSubject: x\n\nhello\n"
    done = nanori("mail", "receive", settings=clone.settings, given=given)
    assert (done.returncode, done.stderr) == (67, "No shop has this address.\n")


def test_mail_is_to_be_kept_while_the_database_is_away() -> None:
    done = nanori(
        "mail", "receive", "--json", given="Subject: x\n\nx",
        NANORI_DATABASE_URL="postgresql://x@127.0.0.1:1/n", NANORI_SECRET_KEY=SECRET,
    )  # fmt: skip
    assert done.returncode == 75
    assert json.loads(done.stdout)["exit_code"] == 75


def test_mail_pipe_with_wrong_words_exits_with_64() -> None:
    assert nanori("mail", "receive", "--bogus").returncode == 64


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
