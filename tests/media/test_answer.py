"""The grammar of answers: small, strict, and never slow."""

import random
import time

import pytest

from appliance.relay.sdp import AnswerInvalid, DtlsSetup, parse_answer
from tests.media.phone import Phone

CHROMIUM = """v=0\r
o=- 1 2 IN IP4 127.0.0.1\r
s=-\r
t=0 0\r
a=group:BUNDLE 0 1 2 3 4 5\r
a=msid-semantic: WMS\r
m=audio 9 UDP/TLS/RTP/SAVPF 111\r
c=IN IP4 0.0.0.0\r
a=rtcp:9 IN IP4 0.0.0.0\r
a=ice-ufrag:x\r
a=ice-pwd:y\r
a=ice-options:trickle\r
a=fingerprint:sha-256 FP\r
a=setup:active\r
a=mid:0\r
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r
a=sendonly\r
a=msid:- 5f\r
a=rtcp-mux\r
a=rtpmap:111 opus/48000/2\r
a=ssrc:1111 cname:abc\r
m=video 9 UDP/TLS/RTP/SAVPF 96 97\r
c=IN IP4 0.0.0.0\r
a=setup:active\r
a=mid:1\r
a=fingerprint:sha-256 FP\r
a=sendonly\r
a=ssrc-group:FID 2222 3333\r
a=ssrc:2222 cname:abc\r
a=ssrc:3333 cname:abc\r
""" + "".join(
    f"m={media} 9 UDP/TLS/RTP/SAVPF {types}\r\nc=IN IP4 0.0.0.0\r\n"
    f"a=setup:active\r\na=mid:{mid}\r\n"
    f"a=fingerprint:sha-256 FP\r\na={direction}\r\na=ssrc:9{mid} cname:firefox\r\n"
    for mid, media, types, direction in (
        (2, "video", "96 97", "inactive"),
        (3, "audio", "111", "recvonly"),
        (4, "video", "96 97", "recvonly"),
        (5, "video", "96 97", "recvonly"),
    )
)
CHROMIUM = CHROMIUM.replace("FP", "ab:" * 31 + "ab")


def test_it_works():
    answer = parse_answer(CHROMIUM, 6)
    assert answer.setup is DtlsSetup.ACTIVE
    assert answer.fingerprint.value == "AB:" * 31 + "AB"
    assert [(t.kind, t.ssrc, t.rtx_ssrc) for t in answer.tracks] == [
        ("microphone", 1111, 0),
        ("camera", 2222, 3333),
    ]


def test_the_order_of_ssrc_lines_does_not_matter():
    group = "a=ssrc-group:FID 2222 3333\r\n"
    after = CHROMIUM.replace(group, "").replace(
        "a=ssrc:3333 cname:abc\r\n", "a=ssrc:3333 cname:abc\r\n" + group
    )
    assert parse_answer(after, 6) == parse_answer(CHROMIUM, 6)


def test_a_refused_section_sends_nothing():
    refused = CHROMIUM.replace("m=video 9 ", "m=video 0 ", 1)
    assert [t.kind for t in parse_answer(refused, 6).tracks] == ["microphone"]


def test_without_ssrcs_they_are_learnt_later():
    assert [t.ssrc for t in parse_answer(CHROMIUM.replace("a=ssrc", "a=x-ssrc"), 6).tracks] == [
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a=setup:active", "a=setup:actpass"),
        ("a=mid:1", "a=mid:7"),
        ("a=fingerprint:sha-256 ab", "a=fingerprint:sha-256 zz"),
        ("a=fingerprint:sha-256 ab", "a=fingerprint:md5 ab"),
        ("m=audio 9", "m=video 9"),
        ("UDP/TLS/RTP/SAVPF 111", "RTP/AVP 111"),
        ("a=ssrc:2222", "a=ssrc:1111"),
        ("a=ssrc:2222", "a=ssrc:99999999999"),
        ("a=ssrc:2222", "a=ssrc:0"),
        ("v=0", "x=0"),
        ("v=0", "hello"),
        ("v=0", "v=0\0ä"),
    ],
)
def test_what_no_browser_writes_is_refused(old, new):
    with pytest.raises(AnswerInvalid):
        parse_answer(CHROMIUM.replace(old, new), 6)


@pytest.mark.parametrize("count", [5, 7, 0])
def test_the_number_of_sections_must_be_the_offers(count):
    with pytest.raises(AnswerInvalid):
        parse_answer(CHROMIUM, count)


def test_another_fingerprint_in_one_section_is_refused():
    with pytest.raises(AnswerInvalid):
        parse_answer(CHROMIUM.replace("sha-256 ab", "sha-256 cd", 1), 6)


def test_large_and_random_text_is_refused_quickly():
    rng = random.Random(3)
    texts = [
        "a=" * (1 << 20),
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 400,
        "a=ssrc:1 x\r\n" * 1300,
        "a=fingerprint:sha-256 " + "ab:" * 5000,
        *(bytes(rng.randrange(256) for _ in range(16_000)).decode("latin-1") for _ in range(3)),
    ]
    for text in texts:
        began = time.perf_counter()
        with pytest.raises(AnswerInvalid):
            parse_answer(text, 6)
        assert time.perf_counter() - began < 0.05


def test_mutated_answers_raise_nothing_else():
    rng = random.Random(9)
    for _ in range(3_000):
        text = list(CHROMIUM)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(text))
            text[at] = chr(rng.randrange(1, 128)) if rng.random() < 0.7 else ""
        try:
            parse_answer("".join(text), 6)
        except AnswerInvalid:
            continue


async def test_candidates_of_the_browser_are_never_used(box):
    """Nothing is sent to an address that a valid check did not come from."""
    phone = Phone()
    box.phones.append(phone)
    answer = await phone.join(box.relay.add_peer("r", "a", 1))
    sent = []
    plane = box.service.plane
    plane.counters.clear()
    for port in plane.ports:
        port.socket, real = _Watched(port.socket, sent), port.socket
    box.relay.accept_answer("a", answer + "a=candidate:1 1 udp 1 169.254.169.254 80 typ host\r\n")
    port.socket = real
    assert sent == []
    assert plane.by_path == {}


class _Watched:
    def __init__(self, real, sent):
        self._real, self._sent = real, sent

    def sendto(self, data, address):
        self._sent.append(address)


async def test_the_offer_names_only_the_relay(box):
    offer = box.relay.add_peer("r", "a", 2)
    lines = offer.split("\r\n")
    assert lines.count("a=ice-lite") == 1
    assert sum(line.startswith("m=") for line in lines) == 3 + 6
    hosts = {line.split()[4] for line in lines if line.startswith("a=candidate")}
    assert hosts == {"127.0.0.1"}
    assert "stun" not in offer
    assert "application" not in offer
    for group in (line for line in lines if line.startswith("a=ssrc-group:FID")):
        main, rtx = group.split()[1:]
        assert offer.index(f"a=ssrc:{main} ") < offer.index(f"a=ssrc:{rtx} ")


async def test_another_certificate_is_refused_later(box):
    phone = await box.phone("a")
    again = phone.answer().replace(phone.fingerprint, "AB:" * 31 + "AB")
    from appliance.relay.room import Refused

    with pytest.raises(Refused, match="answer_invalid"):
        box.relay.accept_answer("a", again)
