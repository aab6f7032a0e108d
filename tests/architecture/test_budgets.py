"""The house's budgets. A file or function that outgrows its budget hides a second idea."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import (
    all_files,
    files_of,
    functions_of,
    python_files,
    text_of,
    texts_in_code,
    tree_of,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_FRAGMENT = 40
MIGRATIONS = Path("nanori_app/migrations/versions")
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]
CLOCK_OF_THE_DATABASE = re.compile(
    r"\bnow\s*\(\s*\)|\bcurrent_timestamp\b|\b(clock|statement|transaction)_timestamp\s*\(", re.IGNORECASE
)
EXCUSE = re.compile(
    r"#\s*(?:noqa:|type:\s*ignore)\s*(?P<codes>\[[a-z, -]+\]|[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)(?P<reason>.*)"
)


def test_files_stay_within_400_lines() -> None:
    """Migrations list tables, column by column; nobody reads them as procedures."""
    long = [
        f"{path}: {count}"
        for path in files_of(".py", ".js", ".css", ".html", ".sql")
        if MIGRATIONS not in path.parents and (count := len(text_of(path).splitlines())) > LONGEST_FILE
    ]
    assert long == []


def test_functions_stay_within_40_lines() -> None:
    long = [
        f"{function.where}: {function.lines}"
        for path in python_files()
        if MIGRATIONS not in path.parents
        for function in functions_of(path)
        if function.lines > LONGEST_FUNCTION
    ]
    assert long == []


def test_template_fragments_stay_within_40_lines() -> None:
    long = [
        f"{path}: {count}"
        for path in files_of(".html")
        if path.name.startswith("_") and (count := len(text_of(path).splitlines())) > LONGEST_FRAGMENT
    ]
    assert long == []


def test_no_file_names_a_host_that_packages_come_from() -> None:
    named = [f"{path}: {host}" for path in all_files() for host in REGISTRIES if host in text_of(path)]
    assert named == []


def test_sql_takes_its_time_as_an_argument() -> None:
    """The database's clock knows nothing of a rehearsal's virtual time."""
    asked = [f"{path}:{line}" for path in python_files() if path.parts[0] != "tests"
             for line, text in texts_in_code(path) if CLOCK_OF_THE_DATABASE.search(text)]  # fmt: skip
    asked += [str(path) for path in files_of(".sql") if CLOCK_OF_THE_DATABASE.search(text_of(path))]
    asked += [
        f"{path}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and _is_func_now(node)
    ]
    assert asked == []


def test_every_silenced_check_has_its_reason() -> None:
    """On its own line, or where the same check was first silenced in the file."""
    silent = [where for path in python_files() for where in _unexplained(path)]
    assert silent == []


def test_no_test_is_left_out() -> None:
    """A test that skips itself on the machine that needs it most looks green."""
    left_out = [
        f"{path}:{number}"
        for path in python_files()
        if path.parts[0] == "tests" and path != Path("tests/architecture/test_budgets.py")
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if re.search(r"\b(mark\.(skip|skipif|xfail)|importorskip|pytest\.(skip|xfail))\b", line)
    ]
    assert left_out == []


def _unexplained(path: Path) -> Iterator[str]:
    explained: set[str] = set()
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        excuse = EXCUSE.search(line)
        if excuse and re.search(r"\w", excuse["reason"]):
            explained.add(excuse["codes"])
        elif excuse and excuse["codes"] not in explained:
            yield f"{path}:{number}"


def _is_func_now(node: ast.Attribute) -> bool:
    from_func = isinstance(node.value, ast.Name) and node.value.id == "func"
    return from_func and node.attr in {"now", "current_timestamp"}
