"""The report of a running check, for whoever runs it: as a page, as a file, as JSON."""

from __future__ import annotations

from quart import Blueprint, Response, g, request

from appliance.device_check.measurement_words import MEASUREMENT_WORDS
from appliance.device_check.support_report import SupportReport, Surroundings, support_report
from appliance.i18n import N_
from appliance.web.access import Who, access
from appliance.web.body import as_json
from appliance.web.cookies import check_grant_of
from appliance.web.errors import WebError
from appliance.web.language import reader_language, translate
from appliance.web.limits import Budget
from appliance.web.live.check_run import CheckRun
from appliance.web.live.owners import check_room_of, test_owner
from appliance.web.pages import page
from appliance.web.parts import parts

blueprint = Blueprint("check_report", __name__)

FILE_NAME = "geraetetest"


class NoReport(WebError):
    """Nothing has been checked in this browser, or the check is over and forgotten."""

    status = 404
    code = "no_report"
    sentence = N_("Es gibt noch keinen Bericht.")
    advice = N_("Bitte machen Sie zuerst den Gerätetest.")


@blueprint.get("/check-report")
@access(Who.CHECKER, Budget.PAGES)
async def show() -> Response:
    """[check_report] What was found and measured. ``?test=1``: of the test page's check.

    Context: ``report`` (``SupportReport``), ``words`` of measurements, ``test_mode``. With
    ``?download=1`` a file that needs nothing from us: [check_report_file].
    """
    download = request.args.get("download") == "1"
    name = "check_report_file" if download else "check_report"
    response = await page(name, report=_report(), words=MEASUREMENT_WORDS, test_mode=_test_mode())
    if download:
        _as_file(response, "html")
    return response


@blueprint.get("/check-report.json")
@access(Who.CHECKER, Budget.PAGES)
async def as_data() -> Response:
    """The same for programs; the schema is in ``appliance/docs/check_report.schema.json``."""
    response = as_json(_report())
    if request.args.get("download") == "1":
        _as_file(response, "json")
    return response


def _report() -> SupportReport:
    run = _run()
    if run is None or not (run.report.findings or run.report.waivers):
        raise NoReport
    language = reader_language()
    return support_report(
        run.report,
        run.measured(),
        Surroundings(
            browser=run.browser,
            browser_version=run.browser_version,
            os=run.os,
            kiosk=run.kiosk,
        ),
        language=language,
        translate=lambda message: translate(message, language),
        at=parts().clock(),
    )


def _run() -> CheckRun | None:
    """Of the browser's own visit or its own test; there is no id that could name another."""
    runs = parts().live.runs
    if g.visit is not None and not _test_mode():
        return runs.of_visit(g.visit)
    grant_id = check_grant_of(request)
    return None if grant_id is None else runs.known(check_room_of(test_owner(grant_id)))


def _test_mode() -> bool:
    return request.args.get("test") == "1" or g.visit is None


def _as_file(response: Response, ending: str) -> None:
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}.{ending}"'
