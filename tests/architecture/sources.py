"""The files that the house's rules are about: what git tracks, and what is new and not ignored."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def all_files() -> tuple[Path, ...]:
    """Relative to the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(Path(line) for line in listed.splitlines() if (ROOT / line).is_file())


def files_of(*endings: str) -> list[Path]:
    return [path for path in all_files() if path.suffix in endings]


def python_files() -> list[Path]:
    return files_of(".py")


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@dataclass(frozen=True, slots=True)
class Function:
    where: str
    lines: int


def functions_of(path: Path) -> Iterator[Function]:
    """Every function with its length from ``def`` to its last line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield Function(f"{path}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1)


def texts_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """Every string that the code uses, docstrings left out."""
    tree = tree_of(path)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def imported_by(path: Path) -> set[str]:
    """Top-level names of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names
