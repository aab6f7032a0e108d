"""Everything that reports plugs into the application."""

from nanori.rooms import NavItem, Room
from nanori.words import N_
from reports.alarms import ALARMS
from reports.closing.worker import close_months, freeze_month
from reports.delivery.worker import make_planned
from reports.policy import READERS
from reports.so_far.commands import count_months
from reports.views.worker import send_views
from reports.web.adhoc import FigurePages
from reports.web.downloads import ReportFiles
from reports.web.months import MonthPages
from reports.web.pages import ReportPages
from reports.web.records import RecordPages
from reports.web.sending import SendingPages
from reports.web.views import ViewPages
from reports.worker import render_month_report

ROOM = Room(
    name="reports",
    pages=[ReportPages, ReportFiles, MonthPages, RecordPages, SendingPages, FigurePages, ViewPages],
    handlers=[render_month_report, freeze_month],
    ticks=[close_months, count_months, make_planned, send_views],
    alarms=ALARMS,
    nav=[NavItem(N_("Reports"), "/reports", frozenset(READERS))],
)
