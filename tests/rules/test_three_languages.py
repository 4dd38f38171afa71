"""Every cause is explained in German, English and easy German, wherever it may be met."""

import pytest

from appliance.device_check.remedies import CAUSES, client_messages, explain
from appliance.device_check.remedy import ANY
from appliance.i18n import EASY_GERMAN, SOURCE_LANGUAGE, translations
from tests.rules.test_translated import catalogue

LANGUAGES = (SOURCE_LANGUAGE, "en", EASY_GERMAN)
BROWSERS = ("chromium", "edge", "firefox", "samsung", "safari", "other")
SYSTEMS = ("windows", "macos", "linux", "android", "ios", "other")


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_each_cause_has_a_remedy_in_three_languages(cause):
    english, easy = catalogue("en"), catalogue(EASY_GERMAN)
    assert [text for text in (*client_messages(cause), cause.staff) if not english.get(text)] == []
    assert [text for text in client_messages(cause) if not easy.get(text)] == []
    places = [(browser, system) for browser in BROWSERS for system in SYSTEMS]
    for language in LANGUAGES:
        translate = translations(language).gettext
        told = [explain(cause.code, *place, translate) for place in places]
        told.append(explain(cause.code, ANY, ANY, translate, kiosk=True))
        for one in told:
            assert one.title.strip()
            assert one.staff.strip()
            assert [step for step in one.steps if step.strip()], language


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_the_languages_do_differ(cause):
    """A copied German sentence is no translation."""
    titles = {translations(one).gettext(cause.headline) for one in (SOURCE_LANGUAGE, "en")}
    assert len(titles) == 2
