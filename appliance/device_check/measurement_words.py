"""What was measured, in plain words; a measurement without an entry is shown by its name."""

from __future__ import annotations

from appliance.i18n import N_

MEASUREMENT_WORDS: dict[str, str] = {
    # system
    "secure_context": N_("Verbindung verschlüsselt"),
    "media_devices": N_("Zugriff auf Kamera und Mikrofon möglich"),
    "web_rtc": N_("Video-Gespräche möglich"),
    "opus": N_("Ton-Format Opus"),
    "vp8": N_("Bild-Format VP8"),
    "web_assembly": N_("WebAssembly"),
    "audio_context": N_("Tonverarbeitung im Browser"),
    "browser_version": N_("Version des Browsers"),
    "in_app_browser": N_("Fenster in einer anderen App"),
    "clock_offset_s": N_("Abweichung der Uhr"),
    # sound
    "error": N_("Fehler des Geräts"),
    "duration_s": N_("gemessen über"),
    "listening_s": N_("zugehört seit"),
    "unprocessed": N_("ohne Filter gemessen"),
    "sample_rate_hz": N_("Abtastrate"),
    "track_muted": N_("vom System stumm geschaltet"),
    "digital_silence_s": N_("völlige Stille"),
    "speech_dbfs": N_("Lautstärke der Sprache"),
    "noise_dbfs": N_("Lautstärke des Hintergrunds"),
    "level_dbfs": N_("Lautstärke am Ende"),
    "peak_dbfs": N_("lauteste Stelle"),
    "clipped_bursts": N_("übersteuerte Stellen"),
    "voice_s": N_("als Stimme erkannt"),
    "gaps": N_("verlorene Pakete"),
    "packets": N_("empfangene Pakete"),
    "heard_nothing": N_("nichts gehört"),
    # picture
    "width": N_("Breite"),
    "height": N_("Höhe"),
    "frames": N_("Bilder"),
    "frames_per_s": N_("Bilder je Sekunde"),
    "mean_luma": N_("Helligkeit"),
    "luma_deviation": N_("Kontrast"),
    "edge_ratio": N_("Anteil der Kanten"),
    "black_ratio": N_("Anteil schwarzer Bilder"),
    "same_picture_s": N_("unverändertes Bild"),
    "faces": N_("Gesichter im Bild"),
    "face_luma": N_("Helligkeit des Gesichts"),
    "surround_luma": N_("Helligkeit der Umgebung"),
    "face_cut_off": N_("Gesicht abgeschnitten"),
    # line
    "connected": N_("Bild und Ton kommen durch"),
    "finished": N_("Test der Leitung beendet"),
    "skipped": N_("Test der Leitung ausgelassen"),
    "protocol": N_("Weg der Daten"),
    "mobile": N_("mobile Daten"),
    "octets": N_("Datenmenge des Tests"),
    # background
    "mode": N_("Art des Hintergrunds"),
    "ready": N_("Hintergrund bereit"),
    "ms_per_frame": N_("Rechenzeit je Bild"),
    "source_frames_per_s": N_("Bilder je Sekunde der Kamera"),
    "waiting_s": N_("gewartet"),
    "running_s": N_("läuft seit"),
}
