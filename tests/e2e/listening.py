"""Ears for the tests: which number was spoken, found in the sound that the page received."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np

from appliance.device_check.speech import LEAD, SAMPLE_RATE_HZ, load
from appliance.i18n import main_language

ROOT = Path(__file__).resolve().parents[2]
RATE_HZ = 8000
FRAME = 160  # 20 ms

# Taps the received track as loudspeakers would; 8 kHz are enough to tell digits apart.
LISTEN = """(() => {
  const places = window.peers.at(-1).getTransceivers();
  const track = places.find((one) => one.mid === '3').receiver.track;  // the sound of slot 0
  const context = new AudioContext({ sampleRate: 48000 });
  const processor = context.createScriptProcessor(4096, 1, 1);
  window.heard = [];
  processor.onaudioprocess = (event) => {
    const input = event.inputBuffer.getChannelData(0);
    for (let at = 0; at + 5 < input.length; at += 6) {
      let sum = 0;
      for (let next = at; next < at + 6; next += 1) sum += input[next];
      window.heard.push(Math.round((sum / 6) * 32767));
    }
  };
  context.createMediaStreamSource(new MediaStream([track])).connect(processor);
  processor.connect(context.destination);
  window.listening = context;
})()"""


def spectrum(sound: np.ndarray) -> np.ndarray:
    """Log spectrum of 20 ms frames, (frames, bands), each frame without its mean."""
    count = len(sound) // FRAME
    frames = sound[: count * FRAME].reshape(count, FRAME) * np.hanning(FRAME)
    bands = np.abs(np.fft.rfft(frames, axis=1))[:, 2:72].reshape(count, 35, 2).sum(axis=2)
    return np.log(bands + 300.0) - np.log(300.0)


def match(expected: np.ndarray, heard: np.ndarray) -> float:
    """Best correlation of an expected spectrum with any place in what was heard."""
    best = 0.0
    flat = expected - expected.mean()
    for at in range(len(heard) - len(expected) + 1):
        part = heard[at : at + len(expected)]
        part = part - part.mean()
        norm = np.linalg.norm(flat) * np.linalg.norm(part)
        if norm > 0:
            best = max(best, float((flat * part).sum() / norm))
    return best


def recognise(heard: np.ndarray, candidates: list[str], language: str = "de") -> dict[str, float]:
    """How well each candidate number fits what was heard (8 kHz samples)."""
    speech = load(ROOT / "kiosk_ui" / "vendor" / "speech")
    found = {}
    for number in candidates:
        whole = speech.number(number, language).astype(np.float64)
        digits = whole[len(speech.words[language][LEAD]) :]
        count = len(digits) // (SAMPLE_RATE_HZ // RATE_HZ)
        down = digits[: count * 6].reshape(count, 6).mean(axis=1)
        found[number] = match(spectrum(down), spectrum(heard.astype(np.float64)))
    return found


KEYS = (
    "[...document.querySelectorAll('[data-slot=numbers] button')]"
    ".filter((one) => one.checkVisibility() && !one.disabled)"
    ".map((one) => one.innerText.trim())"
)


async def listen(client: Any) -> None:
    """Opens the ears: before the speaker's test, which speaks by itself."""
    if not await client.evaluate("Boolean(window.listening)"):
        await client.evaluate(LISTEN)


async def listen_and_tap(client: Any) -> None:
    """Listens to the number, and taps the key that fits what was heard.

    When the sound came in pieces (a busy machine), it asks again, as a person would.
    """
    language = main_language(getattr(client, "language", "de"))
    await listen(client)
    number = await recognised_key(client, language)
    for _ in range(3):
        if number:
            break
        await client.evaluate("(window.heard = []).length")
        await client.click("button", "Zahl anhören", 20)
        number = await recognised_key(client, language)
    await client.evaluate("(window.listening.close(), (window.listening = null))")
    assert number, "the spoken number could not be made out"
    await client.click("button", number, 10)


async def recognised_key(client: Any, language: str) -> str | None:
    """The key whose number was heard clearly, or None after eight seconds."""
    for _ in range(16):
        await asyncio.sleep(0.5)
        keys = await client.evaluate(KEYS)
        heard = np.array(await client.evaluate("window.heard.slice(-96000)"), np.int32)
        if len(keys) != 6 or len(heard) < RATE_HZ * 3:
            continue
        scores = recognise(heard, ["".join(key.split()) for key in keys], language)
        ranked = sorted(zip(scores.values(), keys, strict=True), reverse=True)
        if ranked[0][0] > 0.85 and ranked[0][0] - ranked[1][0] > 0.03:
            return str(ranked[0][1])
    return None
