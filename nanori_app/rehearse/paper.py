"""Each shop's report of the month: made as the house makes it, read back, and held against the recount."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PdfReader

from nanori.installation import Installation
from nanori.words import DASH
from nanori_app.rehearse.evidence import FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES, Violation
from nanori_app.rehearse.performance import Performance
from nanori_app.rehearse.raw_log import setup_facts
from nanori_app.rehearse.recount import differences, recount, rows_of
from nanori_app.rehearse.setting import StagedShop
from reports.making import Workshop, draw, read_paper
from reports.month import MonthFigures
from reports.paper.enclosed import figures_json
from reports.paper.sentences import Story
from reports.paper.sheet import Paper
from reports.paper.tables import CONTACT_KEYS, MAIL_KEYS, PHONE_KEYS, figure_rows
from reports.paper.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One shop's month on paper and as JSON."""

    shop: StagedShop
    paper: Paper
    pdf: bytes
    figures: bytes

    @property
    def as_read(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.figures)
        return read


async def make_reports(played: Performance, *, falsely: str = "") -> list[Report]:
    """Read, count and draw every shop's month.

    Args:
        falsely: the invariant that the figures are to break, for a rehearsal of the checks themselves.
    """
    house: Installation = played.floor.stage.house
    workshop = Workshop(sessions=house.worker, files=house.files, operator=house.settings.operator_name)
    papers = []
    for shop in played.floor.shops:
        paper = await read_paper(workshop, shop.tenant_id, played.programme.month, now=house.clock.now())
        papers.append(_one_too_many(paper) if falsely == FIGURES_EQUAL_RECOUNT else paper)
    drawn = [_one_too_many(paper) if falsely == PDF_EQUALS_FIGURES else paper for paper in papers]
    return [
        Report(shop=shop, paper=paper, pdf=made.pdf, figures=figures_json(paper))
        for shop, paper, made in zip(played.floor.shops, papers, draw(drawn), strict=True)
    ]


def check_reports(
    reports: Sequence[Report], rows: Sequence[Mapping[str, str]], played: Performance
) -> list[Violation]:
    """The figures equal a count of the raw log by other hands; the PDF says what the figures say."""
    found = []
    for report in reports:
        slug = report.shop.slug
        counted = recount(rows_of(rows, slug), setup_facts(report.shop), played.programme.month)
        found += [
            Violation(FIGURES_EQUAL_RECOUNT, (slug,), wrong) for wrong in differences(counted, report.as_read)
        ]
        found += [Violation(PDF_EQUALS_FIGURES, (slug,), wrong) for wrong in _misprints(report)]
    return found


def _misprints(report: Report) -> list[str]:
    """Figures whose line cannot be found in the text of the PDF as the JSON has it."""
    text = _letters("".join(page.extract_text() for page in PdfReader(io.BytesIO(report.pdf)).pages))
    said = report.as_read
    now = {one["key"]: one["text"] for one in said["figures"]}
    before = {one["key"]: one["text"] for one in said["previous_figures"]}
    paper = report.paper
    story = Story(paper.month, paper.before, Wording(paper.words))
    wrong = []
    for row in figure_rows(story, (*PHONE_KEYS, *CONTACT_KEYS, *MAIL_KEYS)):
        letter = paper.words.gettext("formula {letter}", letter=row.letter) if row.letter else ""
        line = _letters(f"{row.name}{letter}{now[row.key]}{before.get(row.key, DASH)}")
        if line not in text:
            wrong.append(f"{row.key}: the PDF does not say {now[row.key]}")
    return wrong


def _letters(text: str) -> str:
    """Without white space, which a text extractor places as it likes."""
    return re.sub(r"\s", "", text)


def _one_too_many(paper: Paper) -> Paper:
    """The same paper with one offered call more than there was."""
    month = paper.month
    figures = tuple(
        replace(figure, numerator=figure.numerator + 1) if figure.key == "offered" else figure
        for figure in month.figures
    )
    false: MonthFigures = replace(month, figures=figures)
    return replace(paper, month=false)
