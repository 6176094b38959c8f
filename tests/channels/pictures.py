"""Takes the pictures of docs/pictures: `python -m tests.channels.pictures [FOLDER]`.

Small PNG files: a palette of 48 colors where Pillow is there, the browser's own where it isn't.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

from bot.content.load import load
from tests.channels.browsing import Watched, browsing
from tests.channels.serving import running

ROOT = Path(__file__).resolve().parent.parent.parent
DESK = {"width": 900, "height": 760}
PHONE = {"width": 360, "height": 740}
PRISON = ("welcome/language/en", "where/ask/prison")
OUT = ("welcome/language/en", "where/ask/community")
CALM = (*PRISON, "!breathing exercise")
PLAN = (
    "menu/ask/calm",
    "menu/coping/more",
    "menu/coping-more/safe",
    "coping/safety-plan/start/ready",
)

# name: size, how to read, and the way from the first page (`!` is typed, the rest is tapped)
PICTURES: dict[str, tuple[dict[str, int], str, tuple[str, ...]]] = {
    "welcome": (DESK, "", ("welcome/language/en",)),
    "kiosk": (DESK, "", (*PRISON, "!i cant sleep")),
    "menu": (DESK, "", PRISON),
    "scale": (DESK, "", CALM),
    "breathing": (DESK, "", (*CALM, "!7", "!next", "!next", "!next")),
    "before-and-now": (DESK, "", (*CALM, "!7", "!next", "!next", "!next", "!did it", "!3")),
    "crisis": (DESK, "", (*PRISON, "!i want to kill myself")),
    "cards": (DESK, "", (*OUT, "!need a bed tonight", "reentry/housing/out/tonight")),
    "sheet": ({"width": 900, "height": 1000}, "", (*PRISON, *PLAN)),
    "spanish": (DESK, "", ("welcome/language/es", "where/ask/prison", "!no puedo dormir")),
    "high-contrast": (DESK, "theme-contrast", PRISON),
    "large-text": (DESK, "text-large", PRISON),
    "dark": (DESK, "theme-dark", CALM),
    "phone": (PHONE, "", PRISON),
    "phone-crisis": (PHONE, "", (*PRISON, "!i want to kill myself")),
    "reading": (DESK, "", (*PRISON, "@/reading?lang=en")),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = load(ROOT, ROOT / ".pytest_cache" / "learnt").content
    with (
        tempfile.TemporaryDirectory() as data,
        running(content, Path(data)) as kiosk,
        browsing() as browser,
    ):
        for name, (size, look, steps) in PICTURES.items():
            context = browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce")
            watched = Watched(context, kiosk.url)
            if look:
                watched.page.goto(f"{kiosk.url}/reading?lang=en")
                watched.page.locator(f'button[value="{look}"]').click()
                watched.page.goto(kiosk.url)
            for step in steps:
                if step.startswith("!"):
                    watched.says(step[1:])
                elif step.startswith("@"):
                    watched.page.goto(kiosk.url + step[1:])
                else:
                    watched.picks(step)
            if name == "breathing":
                watched.page.emulate_media(reduced_motion="no-preference")
                watched.page.get_by_role("button", name="Start").click()
                watched.page.wait_for_timeout(2500)
            path = folder / f"{name}.png"
            watched.page.screenshot(path=path)
            shrink(path)
            context.close()


def shrink(path: Path) -> None:
    with contextlib.suppress(ImportError):
        from PIL import Image

        with Image.open(path) as image:
            image.convert("RGB").quantize(48, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
