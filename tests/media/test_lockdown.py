"""The media process creates no codec, opens no file after its start, and leaves no core dump."""

import asyncio
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from appliance.relay.client import RelayClient
from tests.media.phone import Phone

in_one_loop = pytest.mark.asyncio(loop_scope="module")
START = """
import sys
from pathlib import Path
from appliance.relay.server import MediaOptions, main
sys.exit(main(MediaOptions(Path(sys.argv[1]), 0, ("127.0.0.1",))))
"""


WAYS_TO_A_CODEC = [
    "import av; av.CodecContext.create('vp8', 'r')",
    "from av.codec import CodecContext; CodecContext.create('libopus', 'w')",
    "import av; av.open('x.mkv', 'w')",
    "from av.video.codeccontext import VideoCodecContext; VideoCodecContext()",
    "from aiortc.codecs.vpx import Vp8Decoder; Vp8Decoder()",
    "from aiortc.codecs.opus import OpusEncoder; OpusEncoder()",
    "from aiortc.codecs.opus import OpusDecoder; OpusDecoder()",
    "from aiortc.codecs.h264 import H264Decoder; H264Decoder()",
    "from aiortc import codecs; codecs.get_decoder(codecs.CODECS['audio'][1])",
    "from aiortc import rtcrtpreceiver as r; r.get_decoder(None)",
    "from aiortc import rtcrtpsender as s; s.get_encoder(None)",
    "import cv2; cv2.VideoWriter('x', 0, 1, (1, 1))",
    "import mediapipe; mediapipe.Image()",
]
TRY_ALL = """
import sys
from appliance.relay import lockdown
lockdown.forbid_codecs()
lockdown.poison_aiortc()
for way in sys.argv[1:]:
    try:
        exec(way)
        print("possible:", way)
    except lockdown.CodecForbidden:
        print("forbidden")
"""


def test_it_works():
    """Creating a codec raises, whichever way is taken."""
    done = subprocess.run(
        [sys.executable, "-c", TRY_ALL, *WAYS_TO_A_CODEC],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["forbidden"] * len(WAYS_TO_A_CODEC)


def test_without_the_guard_a_decoder_can_be_made():
    code = "from aiortc.codecs.vpx import Vp8Decoder; Vp8Decoder(); print('decoder')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "decoder"


def test_a_loaded_library_is_noticed():
    code = "import av\nfrom appliance.relay import lockdown\nlockdown.forbid_codecs()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert "CodecForbidden: already loaded" in done.stderr


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def media(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("media")
    nowhere = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, str(tmp_path), stdin=nowhere, stdout=nowhere, stderr=nowhere
    )
    client = RelayClient(tmp_path / "media.sock")
    await client.start()
    await client.wait_connected(30)
    yield process, client
    await client.close()
    if process.returncode is None:
        process.kill()
    await process.wait()


def status_of(process):
    return Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")


def open_files(process):
    folder = Path(f"/proc/{process.pid}/fd")
    return sorted(str(entry.readlink()) for entry in folder.iterdir())


@in_one_loop
async def test_no_codec_library_is_mapped(media):
    process, _ = media
    mapped = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
    assert not re.search(r"avcodec|avformat|libvpx|libopus|x264|/av/|cv2|mediapipe", mapped)
    assert "_binding.abi3.so" in mapped  # it does look at the right process


@in_one_loop
async def test_no_core_no_growing_file_no_new_rights(media):
    process, _ = media
    limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8")
    assert re.search(r"Max core file size +0 +0", limits)
    assert re.search(r"Max file size +0 +0", limits)
    assert "NoNewPrivs:\t1" in status_of(process)


@in_one_loop
async def test_a_session_opens_no_file(media):
    process, client = media
    await client.open_room("r")
    before = open_files(process)
    phone = Phone()
    await client.accept_answer("a", await phone.join((await client.add_peer("r", "a")).offer))
    await phone.connect()
    for _ in range(20):
        phone.send_media("microphone", b"x")
    await client.stats()
    assert open_files(process) == before
    assert not [name for name in before if name.startswith("/") and not name.startswith("/dev/")]
    await phone.hang_up()


@in_one_loop
async def test_a_term_signal_ends_it_at_once(media):  # the last one: it ends the process
    process, _ = media
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
