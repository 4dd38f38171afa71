"""The fault catalogue: everything that may stand between a client and a conversation.

Each fault is answered by at least one ``Cause`` of ``remedies``, or stands in ``faults_unanswered``
with the reason. The handbook's page of faults is written from both. All texts are msgids.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.device_check.records import CheckKind
from appliance.i18n import N_


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the catalogue."""

    kind: CheckKind  # the check under which the handbook lists it
    title: str
    sign: str  # how it is found


FAULTS: dict[str, Fault] = {
    # ---- surroundings --------------------------------------------------------------------
    "insecure_page": Fault(
        CheckKind.SYSTEM,
        N_("Seite ohne Verschlüsselung"),
        N_("Kein sicherer Kontext, oder keine Schnittstelle für Geräte."),
    ),
    "old_browser": Fault(
        CheckKind.SYSTEM,
        N_("Browser zu alt"),
        N_("Erst werden Fähigkeiten geprüft, dann die Version."),
    ),
    "in_app_browser": Fault(
        CheckKind.SYSTEM,
        N_("Seite in einer App geöffnet"),
        N_("Die Kennung nennt eine App, oder der Browser antwortet nie."),
    ),
    "ios_other_browser": Fault(
        CheckKind.SYSTEM,
        N_("iPhone oder iPad mit fremdem Browser"),
        N_("Kennung und fehlende Fähigkeiten auf iOS."),
    ),
    "embedded_without_permission": Fault(
        CheckKind.SYSTEM,
        N_("In fremde Seite eingebettet, ohne Erlaubnis"),
        N_("Keine fremde Seite darf unsere in sich zeigen."),
    ),
    "devices_forbidden_to_page": Fault(
        CheckKind.SYSTEM,
        N_("Geräte der Seite verboten"),
        N_("Die Richtlinie der Seite nennt Kamera oder Mikrofon nicht."),
    ),
    "no_wasm_or_webgl": Fault(
        CheckKind.BACKGROUND, N_("Ohne WebAssembly oder WebGL"), N_("Beides wird einmal angelegt.")
    ),
    "link_open_twice": Fault(
        CheckKind.SYSTEM,
        N_("Derselbe Link zweimal geöffnet"),
        N_("Der Server zählt die offenen Seiten eines Termins."),
    ),
    "web_rtc_off": Fault(
        CheckKind.SYSTEM,
        N_("Video-Gespräche im Browser gesperrt"),
        N_("Die Schnittstelle fehlt in einem Browser, der neu genug ist."),
    ),
    "codec_missing": Fault(
        CheckKind.SYSTEM,
        N_("Bild- oder Ton-Format fehlt"),
        N_("Der Browser nennt Opus oder VP8 nicht."),
    ),
    # ---- permission ----------------------------------------------------------------------
    "prompt_overlooked": Fault(
        CheckKind.SYSTEM,
        N_("Frage des Browsers übersehen"),
        N_("Abgelehnt, die Erlaubnis steht aber noch auf „fragen“; oder keine Antwort."),
    ),
    "denied_in_browser": Fault(
        CheckKind.SYSTEM,
        N_("Im Browser verboten"),
        N_("Abgelehnt, und die Erlaubnis steht auf „verboten“."),
    ),
    "denied_by_system": Fault(
        CheckKind.SYSTEM,
        N_("Vom Betriebssystem verboten"),
        N_("Abgelehnt, obwohl die Erlaubnis der Seite steht."),
    ),
    "denied_by_company": Fault(
        CheckKind.SYSTEM,
        N_("Von der Firma verboten"),
        N_("Abgelehnt, schneller als ein Mensch antworten kann."),
    ),
    "one_of_two_allowed": Fault(
        CheckKind.SYSTEM,
        N_("Nur eines von beiden erlaubt"),
        N_("Mikrofon und Kamera werden einzeln erfragt."),
    ),
    # ---- device present and free ---------------------------------------------------------
    "no_device": Fault(
        CheckKind.SYSTEM,
        N_("Kein Gerät gefunden"),
        N_("Fehler „nicht gefunden“, und die Liste ist leer."),
    ),
    "device_in_use": Fault(
        CheckKind.SYSTEM, N_("Von anderem Programm benutzt"), N_("Fehler „nicht lesbar“.")
    ),
    "device_broken": Fault(
        CheckKind.SYSTEM,
        N_("Treiber oder Gerät gestört"),
        N_("Keine Antwort, oder „nicht lesbar“ bleibt nach mehreren Versuchen."),
    ),
    "wants_too_much": Fault(
        CheckKind.SYSTEM,
        N_("Anfrage passt nicht zum Gerät"),
        N_("Fehler „nicht erfüllbar“; dann ein Versuch ohne Wünsche."),
    ),
    "unplugged": Fault(CheckKind.SYSTEM, N_("Während des Tests abgezogen"), N_("Die Spur endet.")),
    "taken_away": Fault(
        CheckKind.SYSTEM,
        N_("Vom System angehalten, etwa für einen Anruf"),
        N_("Die Spur meldet „stumm“."),
    ),
    "wrong_device": Fault(
        CheckKind.MICROPHONE,
        N_("Falsches Gerät gewählt"),
        N_("Stille hier, während ein anderer Eingang eine Stimme hört."),
    ),
    # ---- microphone ----------------------------------------------------------------------
    "digital_silence": Fault(
        CheckKind.MICROPHONE,
        N_("Stille ohne Rauschen, Stumm-Taste"),
        N_("Alle Abtastwerte sind null oder eins."),
    ),
    "no_voice": Fault(
        CheckKind.MICROPHONE,
        N_("Keine Stimme zu hören"),
        N_("Der Analyser hört in der Zeit keine Stimme."),
    ),
    "too_quiet": Fault(
        CheckKind.MICROPHONE,
        N_("Zu leise"),
        N_("Pegel der lauten Teile; zu leise ist, was auch der Browser nicht verstärkt."),
    ),
    "clipping": Fault(
        CheckKind.MICROPHONE,
        N_("Übersteuert"),
        N_("Folgen von mehr als sechs Abtastwerten am Anschlag."),
    ),
    "background_noise": Fault(
        CheckKind.MICROPHONE,
        N_("Lärm im Raum"),
        N_("Pegel der leisen Teile, und Abstand zur Sprache."),
    ),
    "echo": Fault(
        CheckKind.SPEAKER,
        N_("Echo"),
        N_("Das Mikrofon hört die gesprochene Zahl, trotz des Echo-Filters oder ohne ihn."),
    ),
    "bluetooth_call_profile": Fault(
        CheckKind.MICROPHONE,
        N_("Bluetooth im Telefon-Modus"),
        N_("Niedrige Abtastrate, oder der Stimme fehlen die hohen Töne."),
    ),
    "one_channel_dead": Fault(
        CheckKind.MICROPHONE, N_("Ein Kanal ohne Ton"), N_("Links und rechts werden verglichen.")
    ),
    "audio_engine_asleep": Fault(
        CheckKind.MICROPHONE,
        N_("Ton-Maschine des Browsers schläft"),
        N_("Der Ton-Kontext läuft nicht."),
    ),
    "talks_while_muted": Fault(
        CheckKind.MICROPHONE,
        N_("Spricht, obwohl stumm"),
        N_("Pegel über der Grenze, während das Mikrofon aus ist."),
    ),
    # ---- speaker -------------------------------------------------------------------------
    "no_output_listed": Fault(
        CheckKind.SPEAKER,
        N_("Kein Lautsprecher in der Liste"),
        N_("Die Liste der Ausgänge ist leer, wo der Browser eine führt."),
    ),
    "sound_not_heard": Fault(
        CheckKind.SPEAKER,
        N_("Ton nicht gehört"),
        N_("Die gesprochene Zahl wird falsch oder nicht getippt."),
    ),
    "output_switch_fails": Fault(
        CheckKind.SPEAKER,
        N_("Wechsel des Lautsprechers misslingt"),
        N_("Der Browser lehnt den Wechsel ab."),
    ),
    "autoplay_blocked": Fault(
        CheckKind.SPEAKER, N_("Browser spielt keinen Ton"), N_("Das Abspielen wird abgelehnt.")
    ),
    # ---- camera --------------------------------------------------------------------------
    "black_picture": Fault(
        CheckKind.CAMERA, N_("Schwarzes Bild"), N_("Mittlere Helligkeit, je neuem Bild.")
    ),
    "covered_camera": Fault(
        CheckKind.CAMERA, N_("Kamera verdeckt"), N_("Nur Rauschen, keine Formen.")
    ),
    "bad_light": Fault(
        CheckKind.CAMERA,
        N_("Zu dunkel, zu hell oder Gegenlicht"),
        N_("Die hellsten Stellen im Gesicht, gegen die Umgebung."),
    ),
    "out_of_focus": Fault(
        CheckKind.CAMERA,
        N_("Bild unscharf"),
        N_("Schärfe von Gesicht und ganzem Bild, je neuem Bild."),
    ),
    "frozen_picture": Fault(
        CheckKind.CAMERA, N_("Bild steht still"), N_("Gleiches Bild, auch ohne Rauschen.")
    ),
    "low_frame_rate": Fault(CheckKind.CAMERA, N_("Bild ruckelt"), N_("Neue Bilder je Sekunde.")),
    "low_resolution": Fault(
        CheckKind.CAMERA, N_("Bild zu klein"), N_("Breite und Höhe, wie die Kamera sie liefert.")
    ),
    "virtual_camera": Fault(
        CheckKind.CAMERA,
        N_("Virtuelle Kamera"),
        N_("Der Name des Geräts ist bekannt. Er verlässt den Browser nicht."),
    ),
    "turned_picture": Fault(
        CheckKind.CAMERA,
        N_("Gedrehtes Bild"),
        N_("Ein Gesicht ist nur im gedrehten Bild zu finden."),
    ),
    "framing": Fault(
        CheckKind.CAMERA,
        N_("Kein Gesicht, abgeschnitten, zu nah, zu fern, mehrere"),
        N_("Gesichter werden gezählt, nicht erkannt."),
    ),
    # ---- background ----------------------------------------------------------------------
    "blur_too_slow": Fault(
        CheckKind.BACKGROUND,
        N_("Hintergrund zu langsam"),
        N_("Fertige Bilder je Sekunde, gegen die der Kamera."),
    ),
    "blur_lost_gpu": Fault(
        CheckKind.BACKGROUND, N_("Grafik-Kontext verloren"), N_("Der Browser meldet den Verlust.")
    ),
    "blur_not_available": Fault(
        CheckKind.BACKGROUND, N_("Hintergrund kommt nicht"), N_("Kein fertiges Bild in der Zeit.")
    ),
    # ---- network -------------------------------------------------------------------------
    "signalling_blocked": Fault(
        CheckKind.NETWORK,
        N_("Verbindung zum Server gesperrt"),
        N_("Die Verbindung öffnet sich nicht in der Zeit."),
    ),
    "media_not_arriving": Fault(
        CheckKind.NETWORK,
        N_("Bild oder Ton kommen nicht an"),
        N_("Der Browser sendet, der Analyser erhält nichts."),
    ),
    "udp_blocked": Fault(
        CheckKind.NETWORK, N_("UDP gesperrt"), N_("Kein Weg über UDP kommt zustande.")
    ),
    "turn_down": Fault(
        CheckKind.NETWORK,
        N_("Umweg über TURN gestört"),
        N_("Kein Weg kommt zustande, auch nicht über TURN."),
    ),
    "vpn_or_many_adapters": Fault(
        CheckKind.NETWORK,
        N_("VPN oder viele Netz-Adapter"),
        N_("Mehr als ein Weg, oder nur verdeckte Adressen."),
    ),
    "high_rtt": Fault(
        CheckKind.NETWORK, N_("Lange Laufzeit"), N_("Hin und zurück, über das Relay gemessen.")
    ),
    "jitter": Fault(
        CheckKind.NETWORK,
        N_("Schwankende Laufzeit"),
        N_("Schwankung der Ankunft, bei wenig Verkehr."),
    ),
    "packet_loss": Fault(
        CheckKind.NETWORK,
        N_("Pakete gehen verloren"),
        N_("Fehlende Pakete, zu denen, die fällig waren."),
    ),
    "weak_upload": Fault(
        CheckKind.NETWORK,
        N_("Senden zu langsam"),
        N_("Stufenweise erlaubte Menge; Ergebnis „mindestens“."),
    ),
    "weak_download": Fault(
        CheckKind.NETWORK,
        N_("Empfangen zu langsam"),
        N_("Füll-Pakete in Stufen; Ergebnis „mindestens“."),
    ),
    "delay_under_load": Fault(
        CheckKind.NETWORK,
        N_("Laufzeit wächst unter Last"),
        N_("Laufzeit während der Messung, gegen die kleinste."),
    ),
    "cpu_limit": Fault(
        CheckKind.NETWORK, N_("Rechner zu langsam"), N_("Der Browser nennt den Rechner als Grenze.")
    ),
    "reconnect_fails": Fault(
        CheckKind.NETWORK, N_("Neu verbinden misslingt"), N_("Einmal trennen und neu verbinden.")
    ),
    "mobile_data": Fault(
        CheckKind.NETWORK, N_("Mobile Daten"), N_("Art der Verbindung, wo der Browser sie nennt.")
    ),
    "ipv6_only": Fault(
        CheckKind.NETWORK,
        N_("Nur IPv6, oder IPv4 im Tunnel"),
        N_("Art der Adressen, die zum Relay führen."),
    ),
    "wrong_clock": Fault(
        CheckKind.SYSTEM, N_("Uhr geht falsch"), N_("Zeit des Geräts gegen die des Servers.")
    ),
    # ---- device state --------------------------------------------------------------------
    "battery_low": Fault(
        CheckKind.SYSTEM, N_("Akku fast leer"), N_("Ladestand, wo der Browser ihn nennt.")
    ),
    "screen_sleeps": Fault(
        CheckKind.SYSTEM,
        N_("Bildschirm schaltet sich aus"),
        N_("Der Browser lehnt ab, den Bildschirm wach zu halten."),
    ),
    "tab_hidden": Fault(
        CheckKind.SYSTEM,
        N_("Seite während des Tests verdeckt"),
        N_("Der Browser meldet, dass die Seite nicht zu sehen ist."),
    ),
    "no_screen_sharing": Fault(
        CheckKind.SYSTEM,
        N_("Kein Teilen des Bildschirms"),
        N_("Die Schnittstelle fehlt, meist auf Telefonen."),
    ),
    # ---- kiosk ---------------------------------------------------------------------------
    "kiosk_hardware_missing": Fault(
        CheckKind.SYSTEM,
        N_("Kiosk: Gerät fehlt"),
        N_("Namen aus der Einrichtung, vor jedem Besuch am Kiosk verglichen."),
    ),
    "kiosk_left_muted": Fault(
        CheckKind.SPEAKER, N_("Kiosk: stumm zurückgelassen"), N_("Prüfton vor jedem Besuch.")
    ),
    "kiosk_traces": Fault(
        CheckKind.SYSTEM,
        N_("Kiosk: Spuren des letzten Besuchs"),
        N_("Reste im Browser, vor jedem Besuch gesucht."),
    ),
}
