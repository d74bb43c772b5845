"""Recordings: a signed link that lives for a minute, and the tone behind it (section 9)."""

import functools
import hashlib
import hmac
import io
import math
import re
import struct
import wave

from coachbot.sandbox.messages import Reply, Request, text_reply
from coachbot.sandbox.vapi.calls import Store
from coachbot.sandbox.vapi.errors import refusal

LIFETIME_SECONDS = 60
SAMPLE_RATE = 8000
PITCH = 440
LOUDNESS = 8000
BYTES = re.compile(r"bytes=(\d+)-(\d*)")


def redirect_to_recording(request: Request, store: Store, call_id: str) -> Reply:
    """GET /call/{id}/mono-recording: 302 to a short-lived link, 404 for an unknown call."""
    if store.find(request.key, call_id) is None:
        return refusal(404, f"Call `{call_id}` does not exist.")
    expires = int(store.now().timestamp()) + LIFETIME_SECONDS
    token = f"{expires}.{_sign(store.secret, call_id, expires)}"
    link = f"{request.base_url}/recordings/{call_id}.wav?token={token}"
    return Reply(302, headers={"Location": link})


def play(request: Request, store: Store, call_id: str) -> Reply:
    """GET /recordings/{id}.wav?token=: the tone, or 403 if the token is wrong or too old."""
    expires, _, signature = request.query.get("token", "").partition(".")
    if not expires.isdecimal() or int(expires) < store.now().timestamp():
        return text_reply(403, "Access denied: the link is wrong or has expired.")
    if not hmac.compare_digest(
        signature.encode(), _sign(store.secret, call_id, int(expires)).encode()
    ):
        return text_reply(403, "Access denied: the link is wrong or has expired.")
    return _part_of(one_second_tone(), request.headers.get("Range") or "")


def _part_of(sound: bytes, wanted: str) -> Reply:
    """Answer with the bytes that are asked for, as the store of Vapi does: players seek by it."""
    accepts = {"Accept-Ranges": "bytes"}
    found = BYTES.fullmatch(wanted)
    if not found or int(found[1]) >= len(sound):
        return Reply(200, sound, "audio/wav", headers=accepts)
    first, last = int(found[1]), min(int(found[2] or len(sound)), len(sound) - 1)
    told = {"Content-Range": f"bytes {first}-{last}/{len(sound)}"}
    return Reply(206, sound[first : last + 1], "audio/wav", headers=accepts | told)


@functools.cache
def one_second_tone() -> bytes:
    """A WAV file: one channel, 16 bits, 440 Hz."""
    steps = (math.sin(2 * math.pi * PITCH * n / SAMPLE_RATE) for n in range(SAMPLE_RATE))
    samples = b"".join(struct.pack("<h", round(LOUDNESS * step)) for step in steps)
    file = io.BytesIO()
    with wave.open(file, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(SAMPLE_RATE)
        tone.writeframes(samples)
    return file.getvalue()


def _sign(secret: bytes, call_id: str, expires: int) -> str:
    return hmac.new(secret, f"{call_id}.{expires}".encode(), hashlib.sha256).hexdigest()
