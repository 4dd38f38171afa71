"""Camera and microphone for Firefox: what is shimmed, and why.

Firefox takes no capture files. Its picture is a clip's frames painted on a canvas by a replaced
``getUserMedia`` (video only); its sound is real: PulseAudio's null sink, whose monitor is the
microphone, with the clip's speech played into it.
"""

import asyncio
import base64
import contextlib
import itertools
import json
import subprocess
from pathlib import Path

from tests.e2e import clips

SHIM = """() => {
  const frames = FRAMES.map((text) => fetch_free(text));
  function fetch_free(text) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  }
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  async function camera() {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 360];
    const pen = canvas.getContext('2d');
    const pictures = await Promise.all(frames);
    let at = 0;
    pen.drawImage(pictures[0], 0, 0);
    setInterval(() => pen.drawImage(pictures[at++ % pictures.length], 0, 0), 66);
    return canvas.captureStream(15).getVideoTracks()[0];
  }
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const tracks = [];
    if (wanted.audio) tracks.push(...(await real({ audio: wanted.audio })).getAudioTracks());
    if (wanted.video) tracks.push(await camera());
    return new MediaStream(tracks);
  };
}"""


def shim(who: str, count: int = 45) -> str:
    """The function's source, with the clip's first frames inside."""
    data = clips.picture(who).read_bytes()
    starts = [at for at in range(len(data) - 2) if data[at : at + 3] == b"\xff\xd8\xff"][
        : count + 1
    ]
    frames = [data[a:b] for a, b in itertools.pairwise(starts)]
    return SHIM.replace("FRAMES", json.dumps([base64.b64encode(one).decode() for one in frames]))


class PulseMicrophone:
    """A PulseAudio server of our own whose microphone hears a spoken sentence again and again."""

    default_source = "microphone"
    more_modules: tuple[str, ...] = ()

    def __init__(self, folder: Path, sound: Path) -> None:
        self.folder = folder
        self.sound = sound
        self.environment = {
            "PULSE_SERVER": f"unix:{folder}/pulse.sock",
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }

    async def start(self) -> "PulseMicrophone":
        """Starts server and player; raises ``TimeoutError`` when the server does not come up."""
        words = [
            f"-L module-native-protocol-unix auth-anonymous=1 socket={self.folder}/pulse.sock",
            "-L module-null-sink sink_name=ears rate=48000",
            "-L module-null-sink sink_name=mouth rate=48000",
            "-L module-remap-source master=mouth.monitor source_name=microphone",
            *self.more_modules,
        ]
        modules = [part for word in words for part in ("-L", word[3:])]
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no", *modules],
            env={"PATH": "/usr/bin:/bin", **self.environment},
            stderr=subprocess.DEVNULL,
        )
        for words_ in (["set-default-sink", "ears"], ["set-default-source", self.default_source]):
            await self._control(*words_)
        self._player = asyncio.create_task(self._play())
        return self

    async def _control(self, *words: str) -> None:
        for _ in range(100):
            process = await asyncio.create_subprocess_exec(
                "pactl", *words, env={"PATH": "/usr/bin:/bin", **self.environment},
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            if await process.wait() == 0:
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("PulseAudio did not come up")

    async def _play(self) -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                "paplay", "--device=mouth", str(self.sound),
                env={"PATH": "/usr/bin:/bin", **self.environment},
            )  # fmt: skip
            try:
                await process.wait()
            except asyncio.CancelledError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                raise

    async def stop(self) -> None:
        """Ends player and server."""
        self._player.cancel()
        await asyncio.gather(self._player, return_exceptions=True)
        self._server.terminate()
        self._server.wait(10)


class KioskRoom(PulseMicrophone):
    """A kiosk's room: its microphone hears its own speaker, and who speaks before it."""

    more_modules = ("-L module-loopback source=ears.monitor sink=mouth latency_msec=60",)

    async def mute(self, muted: bool) -> None:
        """The speaker's mute key."""
        await self._control("set-sink-mute", "ears", str(int(muted)))

    async def turn_down(self, decibels: int) -> None:
        """The speaker's volume, from as loud as it gets."""
        await self._control("set-sink-volume", "ears", f"-{decibels}dB")

    async def silence(self) -> None:
        """Who spoke says nothing more."""
        self._player.cancel()
        await asyncio.gather(self._player, return_exceptions=True)


class TwoMicrophones(PulseMicrophone):
    """The system's choice is dead, as a headset that is muted; another one hears the sentence."""

    default_source = "dead"
    more_modules = (
        "-L module-null-sink sink_name=nobody rate=48000",
        "-L module-remap-source master=nobody.monitor source_name=dead",
    )
