"""Reading aloud on the server, where a browser has no voice of its own: espeak-ng, if it is
installed. It is given the program's own words, never a person's, and each is spoken once."""

import asyncio
import contextlib
import hashlib
import shutil
import struct
from collections import OrderedDict

from bot.engine import plain
from bot.engine.model import Reply

VOICES = {"en": "en-us", "es": "es-419"}
WORDS_A_MINUTE = "145"  # espeak-ng's own 175 is fast for words one needs to take in
MOST_LETTERS = 4000
MOST_KEPT = 24_000_000  # bytes; a screen is about a megabyte
PATIENCE = 15.0  # seconds
AT_ONCE = 2  # a sentence costs a core some milliseconds; kiosks wait rather than the machine


class Speaker:
    """Speaks replies. Without a program it is silent (`there` is False)."""

    def __init__(self, program: str | None = None) -> None:
        self.program = (shutil.which("espeak-ng") or "") if program is None else program
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def there(self) -> bool:
        """Whether it can speak at all."""
        return bool(self.program)

    async def speak(self, reply: Reply) -> bytes:
        """A reply as a WAV file; nothing if it can't be spoken now."""
        words = "\n".join(line for line in plain.lines(reply) if not line.startswith("__"))
        words = words[:MOST_LETTERS]
        digest = hashlib.sha256(f"{reply.language}\0{words}".encode()).hexdigest()
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        if not self.there:
            return b""
        async with self._turns:
            sound = await self._ask(words, VOICES.get(reply.language, "en-us"))
        if sound:
            self._kept[digest] = sound
            while sum(map(len, self._kept.values())) > MOST_KEPT:
                self._kept.popitem(last=False)
        return sound

    async def _ask(self, words: str, voice: str) -> bytes:
        try:
            speaking = await asyncio.create_subprocess_exec(
                self.program, "-v", voice, "-s", WORDS_A_MINUTE, "--stdin", "--stdout",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except OSError:
            return b""
        try:
            async with asyncio.timeout(PATIENCE):
                sound, _ = await speaking.communicate(words.encode())
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                speaking.kill()
            await speaking.wait()
            return b""
        return _measured(sound) if speaking.returncode == 0 else b""


def _measured(sound: bytes) -> bytes:
    """A WAV file that says how long it is: what comes through a pipe claims to be endless, and
    some players then show no end."""
    if len(sound) < 44 or sound[:4] != b"RIFF" or sound[36:40] != b"data":
        return b""
    head = bytearray(sound[:44])
    struct.pack_into("<I", head, 4, len(sound) - 8)
    struct.pack_into("<I", head, 40, len(sound) - 44)
    return bytes(head) + sound[44:]
