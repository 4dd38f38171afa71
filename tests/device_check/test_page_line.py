"""Lines of many shapes under the page's own line test, packet by packet: one cause each.

Connection and statistics of the browser are shims over a simulated line (``page_line.mjs``); plan,
phases and figures are the page's, the judgement is web's. Real browsers on real narrowed lines are
in ``tests/media/test_line_browser.py`` and behind ``scripts/bench line``.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appliance.device_check import network
from appliance.device_check.records import BrowserNetwork, Verdict
from tests.provoking import Provoked

PAGE = Path(__file__).with_name("page_line.mjs")

# One way or both: kbit/s, delay and its swing in ms each way, share that is lost, ms of queue.
LINES: dict[str, dict[str, Any]] = {
    "network_udp_blocked": {"blocked": True},
    "network_turn_down": {"blocked": True, "detour": "silent"},
    "network_turn": {"turn": "tls"},
    "network_telephone": {"both": {"kbps": 80}},
    "network_upload_weak": {"up": {"kbps": 200}},
    "network_download_weak": {"down": {"kbps": 200}},
    "network_upload_poor": {"up": {"kbps": 500}},
    "network_download_poor": {"down": {"kbps": 500}},
    "network_upload_small": {"up": {"kbps": 950}},
    "network_download_small": {"down": {"kbps": 950}},
    "network_loss": {"both": {"loss": 0.15}},
    "network_loss_doubtful": {"both": {"loss": 0.07}},
    "network_delay": {"both": {"delayMs": 350}},
    "network_delay_doubtful": {"both": {"delayMs": 180}},
    "network_jitter": {"both": {"jitterMs": 250}},
    "network_reconnect": {"noReturn": True},
    "network_load_delay": {"up": {"crowdedMs": 400}},
    "network_cpu": {"deviceKbps": 500, "cpuIsTheLimit": True},
    "network_upload_unknown": {"deviceKbps": 500},
    "network_mobile_data": {"mobile": True},
    "": {},
}


@pytest.mark.provokes(
    "network_udp_blocked",
    "network_turn_down",
    "network_turn",
    "network_telephone",
    "network_upload_weak",
    "network_download_weak",
    "network_upload_poor",
    "network_download_poor",
    "network_upload_small",
    "network_download_small",
    "network_loss",
    "network_loss_doubtful",
    "network_delay",
    "network_delay_doubtful",
    "network_jitter",
    "network_reconnect",
    "network_load_delay",
    "network_cpu",
    "network_upload_unknown",
    "network_mobile_data",
    by="interface",
)
def test_each_line_is_named_by_its_fault(provoked: Provoked) -> None:
    command = ["node", "--no-warnings", str(PAGE)]
    done = subprocess.run(command, input=json.dumps(LINES), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    records = {
        name: BrowserNetwork.model_validate(one) for name, one in json.loads(done.stdout).items()
    }
    found = {name: provoked(network.judge(one)) for name, one in records.items()}
    assert found == {name: name for name in LINES}, records
    assert network.judge(records[""]).verdict is Verdict.PASSED
    assert (records["network_turn"].turn, records["network_turn"].protocol) == ("tls", "tcp")
    assert (records[""].turn, records[""].protocol) == ("", "udp")
    assert network.measure(records[""].phases).up_kbps > 1100
