"""What Chromium plays comes back as its microphone: an echo without its canceller, none with it.

Sound server and browser are real, and nothing stands in for a device; the loudspeaker of this room
stands right before its microphone, which is the worst case for a canceller.
"""

import base64

import numpy as np
import pytest

from appliance.device_check import speaker, speech
from appliance.device_check.records import SpeakerAnswer
from appliance.device_check.speaker import Attempt
from appliance.settings import Settings
from tests.media.real_sound import page_in_a_room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

NUMBER = "472"
WATCH = """async ({ samples, rate, cancel }) => {
  const { EchoWatch } = await import('/client/media/echo_watch.js');
  const context = new AudioContext({ sampleRate: rate });
  const bytes = Uint8Array.from(atob(samples), (letter) => letter.charCodeAt(0));
  const heard = new Float32Array(bytes.buffer);
  const buffer = context.createBuffer(1, heard.length, rate);
  buffer.copyToChannel(heard, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const out = context.createMediaStreamDestination();
  source.connect(out);
  const audio = new Audio();
  audio.srcObject = out.stream;
  await audio.play();
  const wishes = { audio: { echoCancellation: cancel, autoGainControl: false } };
  const [microphone] = (await navigator.mediaDevices.getUserMedia(wishes)).getAudioTracks();
  const watch = new EchoWatch();
  await watch.begin(out.stream.getAudioTracks()[0], microphone);
  const ended = new Promise((done) => source.addEventListener('ended', done));
  source.start();
  await ended;
  const figures = watch.end();
  microphone.stop();
  await context.close();
  return figures;
}"""


def spoken() -> dict[str, object]:
    """The appliance's own number, as 32-bit floats, with silence before it."""
    number = speech.load(Settings().vendor_dir / "speech").number(NUMBER, "de") / 32768
    silence = np.zeros(speech.SAMPLE_RATE_HZ // 2)
    samples = np.concatenate([silence, number, silence]).astype("<f4").tobytes()
    return {"samples": base64.b64encode(samples).decode(), "rate": speech.SAMPLE_RATE_HZ}


def judged(figures):
    answer = SpeakerAnswer(kind="speaker", tapped=NUMBER, **figures)
    return speaker.judge([Attempt(NUMBER, answer)])


@pytest.mark.provokes("speaker_echo", by="browser")
async def test_it_works(tmp_path_factory, provoked):
    async with page_in_a_room(tmp_path_factory.mktemp("pa")) as (_room, page):
        raw = await page.evaluate(WATCH, spoken() | {"cancel": False})
        assert provoked(judged(raw)) == "speaker_echo", raw
        cancelled = await page.evaluate(WATCH, spoken() | {"cancel": True})
        assert judged(cancelled).verdict == "passed", cancelled
