"""Browsers that Chromium cannot be made into by flags: they answer as such a browser would.

A shim provokes the page and everything behind it, not the browser. Each is the source of a function
that runs before the page's own scripts.
"""

from __future__ import annotations

_PERMISSION = """
  const query = Permissions.prototype.query;
  Permissions.prototype.query = async function (what) {
    return what.name === 'NAME'
      ? { state: 'STATE', addEventListener() {}, removeEventListener() {} }
      : query.call(this, what);
  };
"""
_ASKED = """() => {
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (wishes) {
    if (!wishes.KIND) return ask.call(this, wishes);
    ANSWER
  };
"""


def _answers(kind: str, permission: str, answer: str) -> str:
    name = "microphone" if kind == "audio" else "camera"
    shim = _ASKED.replace("KIND", kind).replace("ANSWER", answer)
    return shim + _PERMISSION.replace("NAME", name).replace("STATE", permission) + "}"


def refuses(kind: str, error: str, permission: str) -> str:
    """A browser that refuses a device after a question's time, and says what is allowed then."""
    answer = f"""await new Promise((resolve) => setTimeout(resolve, 500));
    throw new DOMException('no', '{error}');"""
    return _answers(kind, permission, answer)


def never_answers(kind: str, permission: str) -> str:
    """A prompt that nobody answers, or a web view that never settles."""
    return _answers(kind, permission, "return new Promise(() => {});")


def both(*shims: str) -> str:
    """One browser that does all of it."""
    return f"() => {{ {' '.join(f'({shim})();' for shim in shims)} }}"


# Chromium's gain control lifts a voice of -66 dBFS to -40: who is too soft there is heard all the
# same. Elsewhere there is none, or it does less; all else of the capture is Chromium's own.
NO_GAIN_CONTROL = """() => {
  const without = (sound) =>
    typeof sound === 'object' ? { ...sound, autoGainControl: false } : sound;
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = function (wishes) {
    const { audio, ...others } = wishes;
    return ask.call(this, audio ? { ...others, audio: without(audio) } : wishes);
  };
  const apply = MediaStreamTrack.prototype.applyConstraints;
  MediaStreamTrack.prototype.applyConstraints = function (wishes) {
    return apply.call(this, this.kind === 'audio' ? without(wishes) : wishes);
  };
}"""
MUTED = """() => {
  Object.defineProperty(MediaStreamTrack.prototype, 'muted', {
    get() { return this.kind === 'KIND'; },
  });
}"""
# Unplugged: the track ends, and from then on there is no such device.
ENDS = """() => {
  const media = MediaDevices.prototype;
  const [list, ask] = [media.enumerateDevices, media.getUserMedia];
  let gone = false;
  media.enumerateDevices = async function () {
    return (await list.call(this)).filter(({ kind }) => !gone || kind !== 'KINDinput');
  };
  media.getUserMedia = async function (wishes) {
    if (gone && wishes.KIND) throw new DOMException('gone', 'NotFoundError');
    const stream = await ask.call(this, wishes);
    if (wishes.KIND) setTimeout(() => {
      gone = true;
      for (const track of stream.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    }, 800);
    return stream;
  };
}"""
NO_WEB_RTC = """() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCRtpReceiver']) {
    delete window[name];
  }
}"""
NO_VP8 = """() => {
  const real = RTCRtpReceiver.getCapabilities;
  RTCRtpReceiver.getCapabilities = (kind) => {
    const found = real.call(RTCRtpReceiver, kind);
    return { ...found, codecs: found.codecs.filter((one) => !/vp8/i.test(one.mimeType)) };
  };
}"""
WRONG_CLOCK = """() => {
  const Real = Date;
  const off = -3 * 3600 * 1000;
  window.Date = class extends Real {
    constructor(...words) { words.length ? super(...words) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
}"""
NO_PLAY = """() => {
  HTMLMediaElement.prototype.play = async function () {
    throw new DOMException('play() failed', 'NotAllowedError');
  };
  AudioContext.prototype.resume = async function () {
    throw new DOMException('no', 'InvalidStateError');
  };
}"""
TAKEN = """() => {
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (wishes) {
    const stream = await ask.call(this, wishes);
    if (wishes.KIND) setTimeout(() => {
      for (const track of stream.getTracks()) {
        Object.defineProperty(track, 'muted', { get: () => true });
        track.dispatchEvent(new Event('mute'));
      }
    }, 100);
    return stream;
  };
}"""
NOT_SENT = """() => {
  const replace = RTCRtpSender.prototype.replaceTrack;
  RTCRtpSender.prototype.replaceTrack = function (track) {
    return replace.call(this, track?.kind === 'KIND' ? null : track);
  };
}"""
ASLEEP = """() => {
  Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });
  AudioContext.prototype.resume = () => new Promise(() => {});
}"""
NO_OUTPUT = """() => {
  const list = MediaDevices.prototype.enumerateDevices;
  MediaDevices.prototype.enumerateDevices = async function () {
    return (await list.call(this)).filter(({ kind }) => kind !== 'audiooutput');
  };
}"""
EMPTY_BATTERY = """() => {
  Navigator.prototype.getBattery = async () => ({ level: 0.07, charging: false });
}"""
FULL_SLEEP = """() => {
  WakeLock.prototype.request = async () => {
    throw new DOMException('The battery saver is on', 'NotAllowedError');
  };
}"""
MOBILE = """() => Object.defineProperty(
  Navigator.prototype, 'connection',
  { value: Object.assign(new EventTarget(), { type: 'cellular', saveData: false }) })"""
ASKED_BEFORE = """() => localStorage.setItem('vorzimmer.asked', '["microphone", "camera"]')"""
VIRTUAL = """() => {
  const real = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'label').get;
  Object.defineProperty(MediaStreamTrack.prototype, 'label', {
    get() { return this.kind === 'video' ? 'OBS Virtual Camera' : real.call(this); },
  });
}"""
FORBIDDEN = """() => Object.defineProperty(
  Document.prototype, 'permissionsPolicy', { get: () => ({ allowsFeature: () => false }) })"""
