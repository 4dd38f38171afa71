"""The media process creates no codec, opens no file after its start, and leaves no core dump."""

import asyncio
import json
import re
import signal
import subprocess
import sys

import pytest
import pytest_asyncio

from appliance.relay.client import RelayClient
from tests.media.phone import Phone

in_one_loop = pytest.mark.asyncio(loop_scope="module")
# The process itself tells: after it has dropped its rights, not even its own user may look into it.
START = """
import ctypes, json, os, resource, stat, sys, threading
from pathlib import Path

def is_file(number):
    try:
        return stat.S_ISREG(os.fstat(number).st_mode)
    except OSError:
        return False

def facts():
    with open("/proc/self/maps") as maps:
        mapped = maps.read()
    return {
        "mapped": mapped,
        "files": [number for number in range(256) if is_file(number)],
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "growth": resource.getrlimit(resource.RLIMIT_FSIZE),
        "dumpable": ctypes.CDLL(None).prctl(3),
        "status": Path(f"/proc/{os.getpid()}/status").read_text(),  # of the main thread
    }

def tell():
    for _ in sys.stdin:
        print(json.dumps(facts()), flush=True)

threading.Thread(target=tell, daemon=True).start()
from appliance.relay.server import MediaOptions, main
os._exit(main(MediaOptions(Path(sys.argv[1]), 0, ("127.0.0.1",))))
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
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", START, str(tmp_path)),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 22,
    )
    client = RelayClient(tmp_path / "media.sock")
    await client.start()
    await client.wait_connected(30)
    yield process, client
    await client.close()
    if process.returncode is None:
        process.kill()
    await process.wait()


async def facts_of(process):
    process.stdin.write(b"\n")
    return json.loads(await process.stdout.readline())


@in_one_loop
async def test_no_codec_library_is_mapped(media):
    mapped = (await facts_of(media[0]))["mapped"]
    assert not re.search(r"avcodec|avformat|libvpx|libopus|x264|/av/|cv2|mediapipe", mapped)
    assert "_binding.abi3.so" in mapped  # it does look at the right process


@in_one_loop
async def test_no_core_no_growing_file_no_new_rights(media):
    facts = await facts_of(media[0])
    assert facts["core"] == facts["growth"] == [0, 0]
    assert facts["dumpable"] == 0
    assert "NoNewPrivs:\t1" in facts["status"]


@in_one_loop
async def test_a_session_opens_no_file(media):
    process, client = media
    await client.open_room("r")
    before = (await facts_of(process))["files"]
    phone = Phone()
    await client.accept_answer("a", await phone.join((await client.add_peer("r", "a")).offer))
    await phone.connect()
    for _ in range(20):
        phone.send_media("microphone", b"x")
    await client.stats()
    assert (await facts_of(process))["files"] == before == []
    await phone.hang_up()


@in_one_loop
async def test_a_term_signal_ends_it_at_once(media):  # the last one: it ends the process
    process, _ = media
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
