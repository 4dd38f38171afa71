"""Causes in what the camera shows."""

from __future__ import annotations

from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedy import ANY, DESKTOP, Cause, FoundBy
from appliance.i18n import N_

_OTHER_CAMERA = N_("Oder wählen Sie eine andere Kamera aus der Liste.")
_LAMP_IN_FRONT = N_("Stellen Sie eine Lampe vor sich, oder setzen Sie sich zum Fenster hin.")
_CLOSE_PROGRAMS = N_("Schließen Sie Programme, die Sie gerade nicht brauchen.")
_KIND = CheckKind.CAMERA

CAMERA = (
    Cause(
        code="camera_black",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="black_picture",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_black_luma", "camera_black_ratio"),
        headline=N_("Das Bild Ihrer Kamera ist schwarz."),
        remedy=(
            N_("Schieben Sie die Abdeckung der Kamera auf, falls es eine gibt."),
            N_("Stecken Sie das Kabel der Kamera neu ein."),
            _OTHER_CAMERA,
        ),
        drawings={(ANY, DESKTOP): "camera_shutter"},
        staff=N_("Das Bild ist schwarz. Meist ist die Abdeckung der Kamera zu."),
    ),
    Cause(
        code="camera_covered",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="covered_camera",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_covered_deviation", "camera_covered_edges"),
        headline=N_("Etwas verdeckt Ihre Kamera."),
        remedy=(
            N_("Schieben Sie die Abdeckung auf, oder nehmen Sie den Aufkleber ab."),
            N_("Wischen Sie die Linse mit einem weichen Tuch ab."),
            _OTHER_CAMERA,
        ),
        drawings={(ANY, DESKTOP): "camera_shutter"},
        staff=N_("Die Kamera ist verdeckt. Abdeckung, Aufkleber oder Finger."),
    ),
    Cause(
        code="camera_muted",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="taken_away",
        found_by=FoundBy.BROWSER,
        rests_on=("arrival_wait",),
        headline=N_("Ihr Gerät hat die Kamera gerade angehalten."),
        remedy=(
            N_("Läuft ein Anruf? Beenden Sie ihn und kommen Sie zu dieser Seite zurück."),
            N_("Hat Ihr Laptop eine Taste für die Kamera? Drücken Sie sie."),
            _OTHER_CAMERA,
        ),
        staff=N_("Das Betriebssystem hat die Kamera angehalten, oft wegen eines Anrufs."),
    ),
    Cause(
        code="camera_frozen",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="frozen_picture",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_frozen",),
        headline=N_("Das Bild Ihrer Kamera steht still."),
        remedy=(
            N_("Ziehen Sie die Kamera ab und stecken Sie sie wieder ein."),
            N_("Schließen Sie andere Programme, die die Kamera benutzen."),
            N_("Klicken Sie dann auf „Noch einmal versuchen“."),
        ),
        staff=N_("Das Bild steht still. Die Kamera neu einstecken lassen."),
    ),
    Cause(
        code="camera_not_arriving",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="media_not_arriving",
        found_by=FoundBy.ANALYSER,
        rests_on=("arrival_wait",),
        headline=N_("Ihre Kamera geht, aber Ihr Bild kommt bei uns nicht an."),
        remedy=(
            N_("Schalten Sie ein VPN aus, falls Sie eines benutzen."),
            N_("Versuchen Sie ein anderes Netz, zum Beispiel das Ihres Handys."),
            N_("Das Gespräch geht auch nur mit Ton."),
        ),
        staff=N_("Das Bild kommt nicht durch das Netz. Nur Ton oder das Telefon anbieten."),
    ),
    Cause(
        code="camera_too_slow",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="low_frame_rate",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_too_slow", "camera_slow_after"),
        headline=N_("Ihr Bild ruckelt stark."),
        remedy=(
            N_("Sorgen Sie für mehr Licht. Im Dunkeln werden Kameras langsam."),
            _CLOSE_PROGRAMS,
            _OTHER_CAMERA,
        ),
        staff=N_("Weniger als fünf Bilder in der Sekunde. Mehr Licht, Programme schließen."),
    ),
    Cause(
        code="camera_slow",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="low_frame_rate",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_slow", "camera_slow_after"),
        headline=N_("Ihr Bild ruckelt etwas."),
        remedy=(
            N_("Sorgen Sie für mehr Licht. Im Dunkeln werden Kameras langsam."),
            _CLOSE_PROGRAMS,
        ),
        staff=N_("Das Bild ruckelt etwas. Für Gebärdensprache kann das zu wenig sein."),
    ),
    Cause(
        code="camera_too_small",
        kind=_KIND,
        severity=Verdict.FAILED,
        fault="low_resolution",
        found_by=FoundBy.BROWSER,
        rests_on=("camera_too_small_long", "camera_too_small_short"),
        headline=N_("Ihre Kamera liefert nur ein sehr kleines Bild."),
        remedy=(
            N_("Wählen Sie eine andere Kamera aus der Liste."),
            N_("Oder öffnen Sie den Link auf einem Smartphone."),
        ),
        staff=N_("Das Bild ist sehr klein. Ein Ausweis ist darauf nicht zu lesen."),
    ),
    Cause(
        code="camera_small",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="low_resolution",
        found_by=FoundBy.BROWSER,
        rests_on=("camera_small_long", "camera_small_short"),
        headline=N_("Ihre Kamera liefert ein kleines Bild."),
        remedy=(N_("Haben Sie eine andere Kamera? Wählen Sie sie aus der Liste."),),
        staff=N_("Das Bild ist klein. Ein Ausweis ist darauf schlecht zu lesen."),
    ),
    Cause(
        code="camera_dark",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="bad_light",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_dark_luma",),
        headline=N_("Ihr Bild ist sehr dunkel."),
        remedy=(N_("Schalten Sie Licht an."), _LAMP_IN_FRONT),
        staff=N_("Das Bild ist dunkel. Eine Lampe vor dem Gesicht hilft."),
    ),
    Cause(
        code="camera_backlit",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="bad_light",
        found_by=FoundBy.ANALYSER,
        rests_on=("camera_backlit_luma",),
        headline=N_("Hinter Ihnen ist es heller als vor Ihnen. Ihr Gesicht bleibt dunkel."),
        remedy=(
            N_("Drehen Sie sich so, dass das Fenster nicht hinter Ihnen ist."),
            _LAMP_IN_FRONT,
        ),
        staff=N_("Gegenlicht: Das Gesicht ist viel dunkler als der Hintergrund."),
    ),
    Cause(
        code="camera_no_face",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="framing",
        found_by=FoundBy.ANALYSER,
        headline=N_("Wir sehen kein Gesicht im Bild."),
        remedy=(
            N_("Setzen Sie sich so, dass Ihr Gesicht in der Mitte des Bildes ist."),
            N_("Stellen Sie die Kamera auf Höhe Ihrer Augen."),
            N_("Stimmt das Bild für Sie? Dann gehen Sie einfach weiter."),
        ),
        staff=N_("Im Bild wurde kein Gesicht erkannt. Das kann auch ein Irrtum sein."),
    ),
    Cause(
        code="camera_face_cut_off",
        kind=_KIND,
        severity=Verdict.WARNING,
        fault="framing",
        found_by=FoundBy.ANALYSER,
        headline=N_("Ihr Gesicht ist am Rand abgeschnitten."),
        remedy=(
            N_("Rücken Sie in die Mitte des Bildes."),
            N_("Gehen Sie etwas weiter von der Kamera weg."),
        ),
        staff=N_("Das Gesicht ist nicht ganz im Bild."),
    ),
)
