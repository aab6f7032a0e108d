"""The same pages by others: WeasyPrint as it comes, and headless Chromium, one after the other."""

import asyncio
import base64
import importlib
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import psutil

from nanori.pdf import Asset
from tests.reports.drawn_apart import MEGABYTE, Drawn, Ready, own_peak
from tests.support.apart import Apart, answer, batches
from tests.support.browser import chromium

LOOK_SECONDS = 0.05
ASSET = re.compile(r"asset:///([\w.-]+)")


def bare_weasyprint(ready: Sequence[Ready]) -> Drawn:
    """``HTML(string).write_pdf()`` with its defaults: no tags, no PDF/A, nothing enclosed, nothing tuned."""
    drawn: Drawn = Apart("benchmarks.report_peers", list(ready)).end()
    return drawn


def _weasyprint_here(ready: Sequence[Ready]) -> Drawn:
    weasyprint = importlib.import_module("weasyprint")  # not into the process that measures
    _bare(weasyprint, Ready('<html lang="ja"><title>t</title>', {}, ()))
    began = time.perf_counter()
    sizes = [len(_bare(weasyprint, one)) for one in ready]
    return Drawn(time.perf_counter() - began, own_peak(), sizes)


def _bare(weasyprint: Any, one: Ready) -> bytes:
    def fetch(_self: object, url: str, _headers: object = None) -> Any:
        asset = one.assets[url.removeprefix("asset:///")]
        return weasyprint.urls.URLFetcherResponse(url, asset.body, {"Content-Type": asset.media_type})

    fetcher = type("Held", (weasyprint.urls.URLFetcher,), {"fetch": fetch})()
    html = weasyprint.HTML(string=one.html, base_url="asset:///", url_fetcher=fetcher)
    pdf: bytes = html.write_pdf()
    return pdf


async def headless_chromium(ready: Sequence[Ready]) -> Drawn:
    """Print to PDF in one browser, a page each; memory is that of all its processes, shared pages once."""
    async with chromium() as browser:
        watch = asyncio.create_task(_peak_of_browser())
        sizes, began = [], time.perf_counter()
        for one in ready:
            page = await browser.new_page()
            await page.set_content(whole_in_itself(one.html, one.assets))
            sizes.append(len(await page.pdf(prefer_css_page_size=True, print_background=True)))
            await page.close()
        seconds = time.perf_counter() - began
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        return Drawn(seconds, _peaks.pop(), sizes)


_peaks: list[int] = []


async def _peak_of_browser() -> None:
    peak = 0
    try:
        while True:
            peak = max(peak, await asyncio.to_thread(_browser_memory))
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        _peaks.append(peak)


def _browser_memory() -> int:
    found = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.name().startswith(("chrom", "headless_shell")):
                memory = process.memory_full_info()
                found += getattr(memory, "pss", memory.rss)
    return found // MEGABYTE


def whole_in_itself(html: str, assets: Mapping[str, Asset]) -> str:
    """The page with its pictures inside: a browser knows no ``asset:``."""

    def inside(named: re.Match[str]) -> str:
        asset = assets[named[1]]
        return f"data:{asset.media_type};base64,{base64.b64encode(asset.body).decode()}"

    return ASSET.sub(inside, html)


if __name__ == "__main__":
    answer(_weasyprint_here(*next(batches())))
