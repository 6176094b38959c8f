"""A booklet for people who have no screen: the way to help, the coping cards and the resources of a
place, as a PDF in large type.

Every word in it is one that the program says as well: the crisis help screen, the cards of
`flows/coping/cards.yaml`, the resources with what is true from that place. A square code stands beside a
resource only where people have a phone of their own.
"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import segno
from fpdf import FPDF

from bot.engine import finder
from bot.engine.content import Content
from bot.engine.house import say
from bot.engine.model import OUTSIDE, Ask, Card, Resource
from bot.engine.plain import unmarked
from bot.engine.wording import Voice

CARDS = "coping/cards"  # the flow whose steps are the coping cards
# One section for each of these rooms of topics, in this order.
SECTIONS = ("crisis", "help", "coping", "reentry", "mentor")
HEADINGS = {
    "crisis": ("When it can't wait", "Cuando no puede esperar"),
    "help": ("Staff, care and your rights", "Personal, atención y tus derechos"),
    "coping": ("To get through the day", "Para pasar el día"),
    "reentry": ("Coming home", "Volver a casa"),
    "mentor": ("Peer mentors", "Mentores que ya lo vivieron"),
    "title": ("Help and ways to cope", "Ayuda y formas de salir adelante"),
    "cards": ("Cards to keep", "Tarjetas para guardar"),
    "help-now": ("In danger now?", "¿En peligro ahora?"),
    "made": ("Made on {day} from what Peerpath knows.", "Hecho el {day} con lo que sabe Peerpath."),
    "facts": (
        (
            "Most facts were read on a page and nobody has called yet. Each says when. Things change, so "
            "ask before you count on one."
        ),
        (
            "Casi todo se leyó en una página y nadie ha llamado todavía. Cada dato dice cuándo. Las cosas "
            "cambian; pregunta antes de confiarte."
        ),
    ),
}
BODY, SMALL, LARGE, TITLE = 14, 11, 18, 28  # points
MARGIN, CODE = 20, 26  # millimetres
# What the printer's own fonts don't have.
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
    }
)


class _Sheet(FPDF):
    """Letter pages with a number at the foot."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=SMALL)
        self.cell(0, 8, str(self.page_no()), align="C")


def booklet(
    content: Content, setting: str, area: str, language: str, day: date, facility: str = ""
) -> bytes:
    """The PDF for a setting (`prison` … `family`), a county (or nothing) and a language."""
    facilities = content.facilities
    place = facilities.get(facility) or facilities.get(setting)
    voice = Voice(content.words, language, setting, place, {}, facilities)
    pdf = _Sheet(format="letter")
    pdf.set_title(_heading("title", language))
    pdf.set_lang(language)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(auto=True, margin=MARGIN)
    pdf.add_page()
    _write(pdf, _heading("title", language), TITLE, bold=True)
    if place:
        county = content.areas.get(area)
        where = voice.text(place.name) + (f", {county.name}" if county else "")
        _write(pdf, where, LARGE)
    _write(pdf, _heading("made", language).format(day=day.isoformat()), SMALL)
    _write(pdf, _heading("facts", language), SMALL)
    if not content.reviewed:
        _write(pdf, say("unreviewed", language), SMALL)
    pdf.ln(4)
    _write(pdf, _heading("help-now", language), LARGE, bold=True)
    for told_first in voice.screen("help", "active")[:-1]:  # its question needs a screen
        _write(pdf, told_first, BODY)

    cards = list(_coping_cards(content, voice))
    if cards:
        pdf.add_page()
        _write(pdf, _heading("cards", language), TITLE, bold=True)
    for title, words in cards:
        _keep_together(pdf, 45 + 7 * (len(" ".join(words)) // 60))
        pdf.ln(3)
        _write(pdf, title, LARGE, bold=True)
        for bubble in words:
            _write(pdf, bubble, BODY)

    told: set[str] = set()
    for section in SECTIONS:
        found = [r for r in _resources(content, voice, section, area) if r.id not in told]
        told.update(resource.id for resource in found)
        if found:
            pdf.add_page()
            _write(pdf, _heading(section, language), TITLE, bold=True)
        for resource in found:
            _resource(pdf, voice.card(resource, day.year), resource, voice)
    return bytes(pdf.output())


def _coping_cards(content: Content, voice: Voice) -> Iterator[tuple[str, list[str]]]:
    """Each card under the label that picks it."""
    flow = content.flows.get(CARDS)
    first = flow.steps.get(flow.first) if flow else None
    if flow is None or first is None or not isinstance(first.next, Ask):
        return
    for choice in first.next.choices:
        step = flow.steps.get(content.start(getattr(choice.move, "to", "")))
        if step and step.says and voice.setting in choice.settings:
            yield voice.text(choice.label), voice.lines(step.says)


def _resources(content: Content, voice: Voice, section: str, area: str) -> list[Resource]:
    topics = {topic for topic in content.topics if topic.startswith(f"{section}.")}
    wanted = finder.Wanted(frozenset(topics), voice.setting, area, voice.language)
    ours = (r for r in content.resources.values() if r.settings >= {voice.setting})
    return finder.find(ours, wanted, voice.can_use)


def _resource(pdf: FPDF, card: Card, resource: Resource, voice: Voice) -> None:
    _keep_together(pdf, 60)
    pdf.ln(4)
    top, page = pdf.get_y(), pdf.page_no()
    code = _code(resource, voice)
    if code:
        pdf.image(BytesIO(code), x=pdf.w - MARGIN - CODE, y=top, w=CODE, h=CODE)
        pdf.set_right_margin(MARGIN + CODE + 4)
    _write(pdf, card.name, BODY + 1, bold=True)
    _write(pdf, card.about, BODY)
    for fact in card.facts:
        _write(pdf, f"*{fact.label}:* {fact.value}", BODY)
    _write(pdf, card.checked, SMALL)
    if code:
        pdf.set_right_margin(MARGIN)
        if pdf.page_no() == page:
            pdf.set_y(max(pdf.get_y(), top + CODE))


def _code(resource: Resource, voice: Voice) -> bytes:
    """A square code of the web address, for people who have a phone to point at it."""
    if voice.setting not in OUTSIDE or not resource.url:
        return b""
    out = BytesIO()
    address = resource.url if "://" in resource.url else f"https://{resource.url}"
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=4, border=1)
    return out.getvalue()


def _heading(key: str, language: str) -> str:
    return HEADINGS[key][language == "es"]


def _keep_together(pdf: FPDF, millimetres: float) -> None:
    if pdf.will_page_break(min(millimetres, 150)):
        pdf.add_page()


def _write(pdf: FPDF, words: str, size: int, *, bold: bool = False) -> None:
    """A paragraph; `*stars*` are bold."""
    plain = words.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")
    pdf.set_font("helvetica", style="B" if bold else "", size=size)
    text = unmarked(plain) if bold else plain.replace("*", "**")
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L", markdown=not bold)
    pdf.ln(size * 0.12)
