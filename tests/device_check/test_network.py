"""The line's judgement: figures of phases in, one cause out."""

import pytest

from appliance.device_check import network, thresholds
from appliance.device_check.records import BrowserNetwork, LinePhase, Verdict
from appliance.device_check.remedies import CAUSES

RATES = (300, 700, 1200)


def record(phases, **more) -> BrowserNetwork:
    return BrowserNetwork(finished=True, phases=phases, **more)


def packets(kbps: float) -> int:
    return int(kbps * 1000 / 8 / 275)


def line(
    *, down=1200.0, up=1200.0, trip=40.0, loss=0.0, jitter=3.0, loaded=None, up_more=None
) -> list[LinePhase]:
    """Phases as the page tells them on a line of these capacities."""
    calm = {"round_trip_ms": trip, "down_jitter_ms": jitter, "up_jitter_ms": 2.0}
    idle = LinePhase(
        direction="idle",
        wanted_kbps=64,
        down_packets=50,
        down_lost=round(50 * loss),
        up_packets=50,
        **calm,
    )
    phases = [idle]
    for rate in RATES:
        sent = packets(rate)
        arrived = min(rate, down)
        lost = max(round(sent * loss), sent - packets(arrived))
        phases.append(
            LinePhase(
                direction="down",
                wanted_kbps=rate,
                arrived_kbps=arrived,
                down_packets=sent,
                down_lost=lost,
                **calm,
            )
        )
        if arrived < rate:
            break
    for rate in RATES:
        arrived = min(rate, up)
        short = {} if arrived == rate else {"available_kbps": up} | (up_more or {})
        phases.append(
            LinePhase(
                direction="up",
                wanted_kbps=rate,
                arrived_kbps=arrived,
                up_packets=packets(rate),
                **(calm | {"round_trip_ms": loaded or trip} | short),
            )
        )
        if arrived < rate:
            break
    return phases


def judged(phases, **more):
    return network.judge(BrowserNetwork(finished=True, protocol="udp", phases=phases, **more))


def test_it_works():
    finding = judged(line())
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "")
    found = network.measure(line())
    assert (found.down_kbps, found.up_kbps, found.up_limit) == (1200, 1200, "none")


@pytest.mark.parametrize(
    ("figures", "cause"),
    [
        ({"up": 90}, "network_telephone"),
        ({"down": 90}, "network_telephone"),
        ({"up": 200}, "network_upload_weak"),
        ({"down": 200}, "network_download_weak"),
        ({"up": 500}, "network_upload_poor"),
        ({"down": 500}, "network_download_poor"),
        ({"up": 900}, "network_upload_small"),
        ({"down": 900}, "network_download_small"),
        ({"loss": 0.12}, "network_loss"),
        ({"loss": 0.07}, "network_loss_doubtful"),
        ({"loss": 0.15, "up": 340}, "network_loss"),
        ({"trip": 700}, "network_delay"),
        ({"trip": 350}, "network_delay_doubtful"),
        ({"jitter": 45}, "network_jitter"),
        ({"loaded": 300}, "network_load_delay"),
        ({"up": 500, "up_more": {"available_kbps": 3000, "cpu_limited_s": 1.4}}, "network_cpu"),
    ],
)
def test_each_trouble_has_its_cause(figures, cause):
    finding = judged(line(**figures))
    assert finding.cause == cause
    assert finding.verdict is CAUSES[cause].severity


def test_a_sender_that_was_held_back_is_not_sent_to_the_telephone():
    assert judged(line(up=90, up_more={"available_kbps": 190})).cause == "network_upload_weak"


def test_an_estimate_that_fell_within_the_test_sends_nobody_to_the_telephone():
    """Measured on a way up of 200 kbit/s: 200 in the calm phases, 88 once more had been asked."""
    phases = with_up(up_phase(300, 30, 88), up_phase(300, 22, 88))
    phases[1] = phases[1].model_copy(update={"available_kbps": 200.0})
    assert judged(phases).cause == "network_upload_weak"


def test_a_device_that_cannot_send_enough_is_no_weak_line():
    phases = line(up=500, up_more={"available_kbps": 3000})
    finding = judged(phases)
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "network_upload_unknown")
    assert network.measure(phases).up_limit == "device"


@pytest.mark.parametrize(
    "sign", [{"round_trip_ms": 400}, {"up_lost": 40}, {"available_kbps": 450}], ids=str
)
def test_any_sign_of_a_full_line_makes_the_line_the_limit(sign):
    """Firefox tells no estimate: then delay or loss must tell."""
    assert network.measure(line(up=500, up_more={"available_kbps": 0} | sign)).up_limit == "line"


def test_the_tests_own_pressure_is_not_blamed_on_the_line():
    """Two thirds of the padding are lost on a line of 100 kbit/s that loses nothing by itself."""
    found = network.measure(line(down=104))
    assert found.down_loss == 0


def test_a_way_that_was_not_tested_is_not_weak():
    """The time was up, because the line was often needed for something else."""
    idle, *rest = line()
    ways = {phase.direction: phase for phase in rest}
    assert judged([idle, *rest[:3]]).cause == "network_upload_unknown"
    assert judged([idle, ways["up"]]).verdict is Verdict.PASSED


def test_the_first_picture_comes_in_a_burst_and_is_no_jitter():
    phases = line()
    phases[0] = phases[0].model_copy(update={"up_jitter_ms": 77.0})
    assert judged(phases).cause == ""


def test_one_calm_moment_makes_no_steady_line():
    """Measured behind 200 ms of jitter, in order: the least of four lay below the limit of 30."""
    phases = line(jitter=29.0)
    for at, jitter in enumerate((27.0, 39.0, 48.0, 54.0)):
        phases[at] = phases[at].model_copy(update={"up_jitter_ms": jitter})
    assert network.measure(phases).jitter_ms == 39.0
    assert judged(phases).cause == "network_jitter"


def up_phase(wanted: int, arrived: float, available: float, trip: float = 40.0) -> LinePhase:
    return LinePhase(
        direction="up",
        wanted_kbps=wanted,
        arrived_kbps=arrived,
        available_kbps=available,
        round_trip_ms=trip,
    )


def with_up(*phases: LinePhase) -> list[LinePhase]:
    return [*(one for one in line() if one.direction != "up"), *phases]


def test_what_an_encoder_leaves_unused_is_not_missing_in_the_line():
    """Measured on a way up of 850 kbit/s: 672 arrived, and the browser thought of 897."""
    phases = with_up(up_phase(700, 638, 903), up_phase(1300, 672, 897))
    found = network.measure(phases)
    assert (found.up_kbps, found.up_likely_kbps, found.up_limit) == (672, 784.5, "line")
    assert judged(phases).cause == "network_upload_small"


def test_what_a_browser_hopes_for_is_not_there_either():
    """Measured on a way up of 650 kbit/s."""
    phases = with_up(up_phase(700, 470, 670), up_phase(1300, 562, 755))
    assert judged(phases).cause == "network_upload_poor"


def test_in_a_queue_that_fills_an_estimate_proves_nothing():
    """It comes too late: what arrives is what the line carries."""
    phases = with_up(up_phase(300, 290, 900), up_phase(700, 480, 650, trip=900.0))
    assert judged(phases).cause == "network_upload_poor"


def test_a_rate_that_came_through_later_was_no_limit():
    """Measured on a free line: slow to begin, and some percent below what it was allowed."""
    phases = with_up(up_phase(300, 200, 1273), up_phase(300, 249, 1273), up_phase(1300, 1081, 2906))
    finding = judged(phases)
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "")
    assert network.measure(phases).up_limit == "none"


def test_a_test_that_was_interrupted_blames_no_way_down():
    """Measured on a free line: the connection was needed after 700 kbit/s had come through."""
    idle, low, middle, *_ = line()
    middle = middle.model_copy(update={"arrived_kbps": 690.0})
    finding = judged([idle, low, middle], skipped="interrupted")
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "network_upload_unknown")


def test_a_test_that_ended_before_the_line_fell_short_blames_nobody():
    phases = with_up(up_phase(300, 280, 0.0))
    finding = judged(phases)
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "network_upload_unknown")


def test_a_few_packets_tell_no_loss():
    idle = LinePhase(direction="idle", wanted_kbps=64, down_packets=50, down_lost=10)
    assert network.measure([idle]).down_loss == 0


def lossy(*, down: tuple[int, int], up: tuple[int, int]) -> list[LinePhase]:
    """Lost and expected packets each way, counted in one calm phase."""
    counts = {"down_lost": down[0], "down_packets": down[1], "up_lost": up[0], "up_packets": up[1]}
    return [LinePhase(direction="idle", wanted_kbps=64, **counts)]


def test_chance_alone_makes_no_way_worse_than_it_is():
    """8 % of both ways, of which one counted few packets and had bad luck; and one bad way."""
    alike = network.measure(lossy(down=(34, 450), up=(14, 120)))
    assert alike.up_loss > thresholds.LOSS_BAD > alike.loss > thresholds.LOSS_WARN
    one_way = network.measure(lossy(down=(0, 450), up=(14, 120)))
    assert one_way.loss == one_way.up_loss > thresholds.LOSS_BAD


def test_media_that_do_not_come_through():
    finding = network.judge(BrowserNetwork(connected=False))
    assert (finding.verdict, finding.cause) == (Verdict.FAILED, "network_udp_blocked")


@pytest.mark.parametrize("detour", ["silent", "open"])
def test_neither_the_direct_way_nor_the_detour(detour):
    finding = network.judge(BrowserNetwork(connected=False, detour=detour))
    assert (finding.verdict, finding.cause) == (Verdict.FAILED, "network_turn_down")


def test_a_detour_that_carries_is_a_hint_and_a_note():
    finding = judged(line(), turn="tcp", mobile=True)
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "network_turn")
    by_udp = judged(line(), turn="udp")  # the agency's own way round: nobody's network is blamed
    assert (by_udp.verdict, by_udp.cause) == (Verdict.PASSED, "")
    assert judged(line(up=900), turn="udp").notes == ()
    narrow = judged(line(up=900), turn="tcp")
    assert (narrow.cause, narrow.notes) == ("network_upload_small", ("network_turn",))


@pytest.mark.parametrize(
    "record",
    [
        None,
        BrowserNetwork(),
        BrowserNetwork(phases=line()),
        BrowserNetwork(finished=True, skipped="busy"),
    ],
)
def test_what_was_not_measured_stays_open(record):
    assert network.judge(record).verdict is Verdict.OPEN


def test_a_mobile_network_is_a_hint_and_no_fault():
    finding = judged(line(), mobile=True)
    assert (finding.verdict, finding.cause) == (Verdict.PASSED, "network_mobile_data")
    assert judged(line(up=900), mobile=True).cause == "network_upload_small"


def test_a_mobile_network_is_told_too_where_its_upload_was_not_measured():
    """The test spends little there, so this is frequent; the volume is what can be acted on."""
    phases = with_up(up_phase(300, 280, 0.0))
    assert judged(phases).cause == "network_upload_unknown"
    assert judged(phases, mobile=True).cause == "network_mobile_data"


def test_limits_are_limits():
    """On the limit itself nothing is wrong yet."""
    assert judged(line(trip=thresholds.ROUND_TRIP_WARN_MS)).cause == ""
    assert judged(line(up=1100)).cause == ""
    assert network.loaded_limit_ms(50) == 300


def test_a_second_connection_that_fails_is_told_before_what_costs_pixels():
    fails = {"reconnect": "fails", "reconnect_s": 5.0}
    for phases in (line(), line(up=900)):
        finding = network.judge(record(phases, **fails))
        assert (finding.verdict, finding.cause) == (Verdict.WARNING, "network_reconnect")
    assert network.judge(record(line(loss=0.15), **fails)).cause == "network_loss"
    works = {"reconnect": "works", "reconnect_s": 0.4}
    assert network.judge(record(line(), **works)).verdict is Verdict.PASSED
    late = {"reconnect": "works", "reconnect_s": thresholds.RECONNECT_S + 0.1}
    assert network.judge(record(line(), **late)).cause == "network_reconnect"


def test_staff_read_that_a_small_line_gets_slow_when_it_is_full():
    slow = network.judge(record(line(up=900, loaded=900.0)))
    assert (slow.cause, slow.notes) == ("network_upload_small", ("network_load_delay",))
    assert network.judge(record(line(up=900))).notes == ()
    assert network.judge(record(line(loaded=900.0))).cause == "network_load_delay"


def test_an_unsteady_line_is_told_as_such_and_not_as_a_small_one():
    """Senders hold back because of it, as they do where packets get lost."""
    assert network.judge(record(line(up=550, jitter=45.0))).cause == "network_jitter"
    assert network.judge(record(line(up=550))).cause == "network_upload_poor"
    assert network.judge(record(line(up=200, jitter=45.0))).cause == "network_upload_weak"
