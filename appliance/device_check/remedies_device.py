"""Causes when the browser gives no track: one for each ``DeviceError``, microphone and camera."""

from __future__ import annotations

from appliance.device_check import remedies_steps as steps
from appliance.device_check import remedies_touch as touch
from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import Cause, FoundBy, Steps, Variants
from appliance.i18n import N_

_TRY_AGAIN = N_("Klicken Sie auf „Noch einmal versuchen“.")
_OTHER_DEVICE = N_("Oder wählen Sie ein anderes Gerät aus der Liste.")


_FAULTS = {  # error of ``DeviceError`` -> fault of ``faults.FAULTS``
    "prompt_dismissed": "prompt_overlooked",
    "denied_by_browser": "denied_in_browser",
    "denied_by_system": "denied_by_system",
    "denied_by_policy": "denied_by_company",
    "denied_one_of_two": "one_of_two_allowed",
    "not_found": "no_device",
    "in_use": "device_in_use",
    "broken": "device_broken",
    "overconstrained": "wants_too_much",
    "timed_out": "device_broken",
    "unsupported": "old_browser",
    "ended": "unplugged",
    "taken_away": "taken_away",
}
_RESTS_ON: dict[str, tuple[str, ...]] = {
    "prompt_dismissed": ("device_prompt_wait",),
    "denied_by_policy": ("device_no_question",),
    "broken": ("device_broken_rounds",),
    "taken_away": ("device_taken",),
}
_DRAWINGS = {
    "prompt_dismissed": steps.ANSWER_PROMPT_DRAWINGS,
    "denied_by_browser": steps.ALLOW_IN_BROWSER_DRAWINGS,
    "denied_by_policy": steps.ALLOW_IN_BROWSER_DRAWINGS,
    "broken": steps.PLUG_DRAWINGS,
    "denied_one_of_two": steps.ALLOW_IN_BROWSER_DRAWINGS,
    "denied_by_system": steps.ALLOW_IN_SYSTEM_DRAWINGS,
    "not_found": steps.PLUG_DRAWINGS,
    "ended": steps.PLUG_DRAWINGS,
    "timed_out": steps.PLUG_DRAWINGS,
}


def _cause(
    kind: CheckKind, error: str, headline: str, remedy: Steps, staff: str, variants: Variants | None
) -> Cause:
    return Cause(
        code=f"{kind}_{error}",
        kind=kind,
        severity=Verdict.FAILED,
        headline=headline,
        remedy=remedy,
        staff=staff,
        variants=variants or {},
        fault=_FAULTS[error],
        found_by=FoundBy.BROWSER,
        rests_on=_RESTS_ON.get(error, ()),
        drawings=_DRAWINGS.get(error, {}),
    )


def _microphone(
    error: str, headline: str, remedy: Steps, staff: str, variants: Variants | None = None
) -> Cause:
    return _cause(CheckKind.MICROPHONE, error, headline, remedy, staff, variants)


def _camera(
    error: str, headline: str, remedy: Steps, staff: str, variants: Variants | None = None
) -> Cause:
    return _cause(CheckKind.CAMERA, error, headline, remedy, staff, variants)


_MICROPHONE = (
    _microphone(
        "prompt_dismissed",
        N_("Ihr Browser wartet noch auf Ihre Erlaubnis für das Mikrofon."),
        steps.ANSWER_PROMPT,
        N_("Die Frage des Browsers nach dem Mikrofon wurde nicht beantwortet."),
        steps.ANSWER_PROMPT_VARIANTS,
    ),
    _microphone(
        "denied_by_browser",
        N_("Ihr Browser lässt uns Ihr Mikrofon noch nicht hören. So erlauben Sie es:"),
        steps.ALLOW_IN_BROWSER,
        N_("Das Mikrofon ist im Browser gesperrt. Symbol links neben der Adresse öffnen lassen."),
        steps.ALLOW_IN_BROWSER_VARIANTS,
    ),
    _microphone(
        "denied_by_system",
        N_("Ihr Gerät gibt das Mikrofon nicht an den Browser weiter. So ändern Sie es:"),
        steps.ALLOW_IN_SYSTEM,
        N_("Das Betriebssystem sperrt das Mikrofon. Einstellungen, Datenschutz, Mikrofon."),
        steps.ALLOW_IN_SYSTEM_VARIANTS,
    ),
    _microphone(
        "denied_by_policy",
        N_("Ihr Browser gibt das Mikrofon nicht frei und fragt Sie auch nicht."),
        steps.ALLOW_OR_ASK_IT,
        N_("Der Browser sperrt das Mikrofon ohne Rückfrage, vielleicht durch die IT."),
        steps.ALLOW_OR_ASK_IT_VARIANTS,
    ),
    _microphone(
        "denied_one_of_two",
        N_("Ihre Kamera ist erlaubt, Ihr Mikrofon noch nicht. So erlauben Sie es:"),
        steps.ALLOW_IN_BROWSER,
        N_("Die Kamera ist erlaubt, das Mikrofon ist im Browser gesperrt."),
        steps.ALLOW_IN_BROWSER_VARIANTS,
    ),
    _microphone(
        "not_found",
        N_("Wir finden kein Mikrofon an Ihrem Gerät."),
        (
            N_("Stecken Sie ein Mikrofon oder Headset ein."),
            _TRY_AGAIN,
            N_("Ohne Mikrofon können Sie schreiben oder mit dem Telefon sprechen."),
        ),
        N_("Es ist kein Mikrofon angeschlossen. Das Gespräch per Telefon anbieten."),
        touch.on_touch(
            touch.LEAVE_HEADSET,
            touch.TAP_AGAIN,
            N_("Ohne Mikrofon können Sie schreiben oder mit dem Telefon sprechen."),
        ),
    ),
    _microphone(
        "in_use",
        N_("Ein anderes Programm benutzt gerade Ihr Mikrofon."),
        steps.FREE_THE_DEVICE,
        N_("Ein anderes Programm benutzt das Mikrofon, etwa Teams oder Zoom."),
        steps.FREE_THE_DEVICE_VARIANTS,
    ),
    _microphone(
        "broken",
        N_("Ihr Mikrofon lässt sich auch nach drei Versuchen nicht öffnen."),
        steps.RESTART_ALL,
        N_("Das Mikrofon lässt sich nicht öffnen. Anderes Gerät, Neustart oder Telefon anbieten."),
        touch.on_touch(*touch.RESTART),
    ),
    _microphone(
        "overconstrained",
        N_("Ihr Mikrofon passt nicht zu unserer Anfrage."),
        (_TRY_AGAIN, _OTHER_DEVICE),
        N_("Das gewählte Mikrofon ließ sich so nicht öffnen. Ein anderes wählen lassen."),
        touch.on_touch(touch.TAP_AGAIN, _OTHER_DEVICE),
    ),
    _microphone(
        "timed_out",
        N_("Ihr Mikrofon antwortet nicht."),
        (
            N_("Sehen Sie nach, ob Ihr Browser eine Frage stellt, und erlauben Sie das Mikrofon."),
            N_("Ziehen Sie das Mikrofon ab und stecken Sie es wieder ein."),
            _TRY_AGAIN,
        ),
        N_("Das Mikrofon antwortet nicht. Neu einstecken oder das Gerät neu starten lassen."),
        touch.on_touch(
            N_("Sehen Sie nach, ob Ihr Browser eine Frage stellt, und erlauben Sie das Mikrofon."),
            *touch.FREE,
        ),
    ),
    _microphone(
        "unsupported",
        N_("Dieser Browser kann kein Mikrofon benutzen."),
        (
            N_("Öffnen Sie den Link aus Ihrer E-Mail in Firefox, Chrome oder Safari."),
            N_("Ein Smartphone geht auch."),
        ),
        N_("Der Browser kann kein Mikrofon benutzen. Anderen Browser empfehlen."),
        touch.on_touch(
            N_("Öffnen Sie den Link aus Ihrer E-Mail in Firefox, Chrome oder Safari."),
            touch.OTHER_GADGET,
        ),
    ),
    _microphone(
        "taken_away",
        N_("Ihr Telefon oder Computer hat uns das Mikrofon gerade weggenommen."),
        steps.GIVE_IT_BACK,
        N_("Ein Anruf oder das System hat das Mikrofon weggenommen. Anruf beenden lassen."),
    ),
    _microphone(
        "ended",
        N_("Ihr Mikrofon ist nicht mehr da."),
        (
            N_("Stecken Sie es wieder ein, oder wählen Sie ein anderes Gerät."),
            N_("Bei Bluetooth: Schalten Sie das Headset aus und wieder ein."),
            _TRY_AGAIN,
        ),
        N_("Das Mikrofon wurde während der Prüfung getrennt."),
        touch.on_touch(
            N_("Bei Bluetooth: Schalten Sie das Headset aus und wieder ein."),
            _OTHER_DEVICE,
            touch.TAP_AGAIN,
        ),
    ),
)

_CAMERA = (
    _camera(
        "prompt_dismissed",
        N_("Ihr Browser wartet noch auf Ihre Erlaubnis für die Kamera."),
        steps.ANSWER_PROMPT,
        N_("Die Frage des Browsers nach der Kamera wurde nicht beantwortet."),
        steps.ANSWER_PROMPT_VARIANTS,
    ),
    _camera(
        "denied_by_browser",
        N_("Ihr Browser lässt uns Ihre Kamera noch nicht sehen. So erlauben Sie es:"),
        steps.ALLOW_IN_BROWSER,
        N_("Die Kamera ist im Browser gesperrt. Symbol links neben der Adresse öffnen lassen."),
        steps.ALLOW_IN_BROWSER_VARIANTS,
    ),
    _camera(
        "denied_by_system",
        N_("Ihr Gerät gibt die Kamera nicht an den Browser weiter. So ändern Sie es:"),
        steps.ALLOW_IN_SYSTEM,
        N_("Das Betriebssystem sperrt die Kamera. Einstellungen, Datenschutz, Kamera."),
        steps.ALLOW_IN_SYSTEM_VARIANTS,
    ),
    _camera(
        "denied_by_policy",
        N_("Ihr Browser gibt die Kamera nicht frei und fragt Sie auch nicht."),
        steps.ALLOW_OR_ASK_IT,
        N_("Der Browser sperrt die Kamera ohne Rückfrage, vielleicht durch die IT."),
        steps.ALLOW_OR_ASK_IT_VARIANTS,
    ),
    _camera(
        "denied_one_of_two",
        N_("Ihr Mikrofon ist erlaubt, Ihre Kamera noch nicht. So erlauben Sie sie:"),
        steps.ALLOW_IN_BROWSER,
        N_("Das Mikrofon ist erlaubt, die Kamera ist im Browser gesperrt."),
        steps.ALLOW_IN_BROWSER_VARIANTS,
    ),
    _camera(
        "not_found",
        N_("Wir finden keine Kamera an Ihrem Gerät."),
        (
            N_("Stecken Sie eine Kamera ein, falls Sie eine haben."),
            _TRY_AGAIN,
            N_("Das Gespräch geht auch ohne Kamera, nur mit Ton."),
        ),
        N_("Es ist keine Kamera angeschlossen. Das Gespräch geht nur mit Ton."),
        touch.on_touch(*touch.FREE, N_("Das Gespräch geht auch ohne Kamera, nur mit Ton.")),
    ),
    _camera(
        "in_use",
        N_("Ein anderes Programm benutzt gerade Ihre Kamera."),
        steps.FREE_THE_DEVICE,
        N_("Ein anderes Programm benutzt die Kamera, etwa Teams oder Zoom."),
        steps.FREE_THE_DEVICE_VARIANTS,
    ),
    _camera(
        "broken",
        N_("Ihre Kamera lässt sich auch nach drei Versuchen nicht öffnen."),
        steps.RESTART_ALL,
        N_("Die Kamera lässt sich nicht öffnen. Anderes Gerät, Neustart oder nur Ton anbieten."),
        touch.on_touch(*touch.RESTART),
    ),
    _camera(
        "overconstrained",
        N_("Ihre Kamera passt nicht zu unserer Anfrage."),
        (_TRY_AGAIN, _OTHER_DEVICE),
        N_("Die gewählte Kamera ließ sich so nicht öffnen. Eine andere wählen lassen."),
        touch.on_touch(touch.TAP_AGAIN, _OTHER_DEVICE),
    ),
    _camera(
        "timed_out",
        N_("Ihre Kamera antwortet nicht."),
        (
            N_("Sehen Sie nach, ob Ihr Browser eine Frage stellt, und erlauben Sie die Kamera."),
            N_("Ziehen Sie die Kamera ab und stecken Sie sie wieder ein."),
            _TRY_AGAIN,
        ),
        N_("Die Kamera antwortet nicht. Neu einstecken oder das Gerät neu starten lassen."),
        touch.on_touch(
            N_("Sehen Sie nach, ob Ihr Browser eine Frage stellt, und erlauben Sie die Kamera."),
            *touch.FREE,
        ),
    ),
    _camera(
        "unsupported",
        N_("Dieser Browser kann keine Kamera benutzen."),
        (
            N_("Öffnen Sie den Link aus Ihrer E-Mail in Firefox, Chrome oder Safari."),
            N_("Ein Smartphone geht auch."),
        ),
        N_("Der Browser kann keine Kamera benutzen. Anderen Browser empfehlen."),
        touch.on_touch(
            N_("Öffnen Sie den Link aus Ihrer E-Mail in Firefox, Chrome oder Safari."),
            touch.OTHER_GADGET,
        ),
    ),
    _camera(
        "taken_away",
        N_("Ihr Telefon oder Computer hat uns die Kamera gerade weggenommen."),
        steps.GIVE_IT_BACK,
        N_("Ein Anruf oder das System hat die Kamera weggenommen. Anruf beenden lassen."),
    ),
    _camera(
        "ended",
        N_("Ihre Kamera ist nicht mehr da."),
        (
            N_("Stecken Sie sie wieder ein, oder wählen Sie eine andere Kamera."),
            _TRY_AGAIN,
        ),
        N_("Die Kamera wurde während der Prüfung getrennt."),
        touch.on_touch(*touch.FREE),
    ),
)

DEVICE = (*_MICROPHONE, *_CAMERA)
