"""The desk's pages for the coordinator, for staff, and for whoever keeps the accounts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.channels.web.desk import Desk, Visit, field
from bot.channels.web.desk_words import SAID
from bot.engine.model import SETTINGS
from bot.mentoring import figures
from bot.mentoring.accounts import ROLES, NotAllowed
from bot.mentoring.inbox import ENDS
from bot.mentoring.requests import ANSWERS
from bot.peers import fitting
from bot.peers.life import Refused
from bot.peers.model import (
    CARRIED,
    EXPERIENCES,
    GENDERS,
    HOURS,
    KINDS,
    UNMATCHED,
    By,
    Load,
    Mentor,
    Move,
)
from bot.store import Conflict

BAR = 180  # length of the longest bar of a chart
SOON = 60  # days before a certificate has to be renewed, from when it is said


class Office(Desk):
    """See Desk."""

    # ── who waits, who carries what ────────────────────────────────────────────────────────────

    async def waiting(self, visit: Visit) -> Response:
        """Everything that goes on, the longest wait first, without anybody's words."""
        everyone = await self.requests.open()
        chats = await self.requests.chats.all()
        mentors = [replace(m, chat=m.id in chats) for m in await self.people_.all()]
        loads = await self.requests.loads(visit.now)
        names = {one.id: one.name for one in mentors}
        waiting = sorted(
            (one for one in everyone if one.state in UNMATCHED), key=lambda one: one.looking
        )
        able = {
            one.id: [m for m in mentors if fitting.may(m, one.wishes) and m.id not in one.offered]
            for one in everyone
        }
        return self.render(
            visit,
            "waiting.html",
            waiting=waiting,
            together=[one for one in everyone if one.state in CARRIED],
            able=able,
            names=names,
            mentors=[m for m in mentors if not m.retired],
            loads={m.id: loads.get(m.id, Load()) for m in mentors},
            supervision=await self.people_.supervision(),
        )

    async def direct(self, visit: Visit) -> Response:
        """Ask one mentor by hand, keep one from the person, take a request back, or end it."""
        one, kind = visit.part("one"), visit.part("move")
        by, form = By("coordinator", visit.name), await self.form(visit)
        moved: Any = Refused("not-now")
        said, mentor = kind, field(form, "mentor")
        if kind == "assign":
            known = {m.id: m for m in await self.people_.all() if m.takes}
            moved = (
                await self.requests.assign(one, mentor, by, visit.now)
                if mentor in known
                else Refused("nobody")
            )
            if not isinstance(moved, Refused):
                await self.audit.record(visit.name, "assigned", mentor, visit.now)
                load = (await self.requests.loads(visit.now)).get(mentor, Load())
                full = load.carries >= known[mentor].capacity
                said = "assigned-full" if full else "assigned"
        elif kind == "apart":
            known = {m.id: m for m in await self.people_.all() if not m.retired}
            moved = (
                await self.people_.not_this_mentor(visit.name, one, mentor, visit.now)
                if mentor in known
                else Refused("nobody")
            )
        elif kind in {"hand-back", "close"}:
            moved = await self.requests.move(one, Move(kind, by, visit.now))
        await self.refresh()
        if isinstance(moved, Refused):
            said = moved.code
        return RedirectResponse(f"/mentors/waiting?said={said}", status_code=303)

    async def supervised(self, visit: Visit) -> Response:
        """A mentor had their time with the supervisor."""
        await self.people_.supervised(visit.name, visit.part("one"), visit.now)
        return RedirectResponse("/mentors/waiting?said=kept", status_code=303)

    # ── mentors ────────────────────────────────────────────────────────────────────────────────

    async def people(self, visit: Visit) -> Response:
        """All mentors, with their certificates."""
        today = datetime.fromtimestamp(visit.now, UTC).date()
        mentors = await self.people_.all()
        return self.render(
            visit,
            "people.html",
            mentors=mentors,
            loads=await self.requests.loads(visit.now),
            renew={
                m.id: (m.renews - today).days
                for m in mentors
                if m.renews and not m.retired and (m.renews - today).days <= SOON
            },
        )

    async def person(self, visit: Visit) -> Response:
        """One mentor, or (`new`) an empty form."""
        one = visit.part("one")
        mentor = Mentor("", "", frozenset()) if one == "new" else await self.people_.get(one)
        if mentor is None:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        return await self._person(visit, mentor)

    async def _person(self, visit: Visit, mentor: Mentor, **more: Any) -> Response:
        account = next(
            (a for a in await self.accounts.all() if mentor.id and a.mentor == mentor.id), None
        )
        units = {
            unit: self.service.content.words.of(text, visit.language)
            for facility in self.service.content.facilities.values()
            for unit, text in facility.units.items()
        }
        return self.render(
            visit,
            "person.html",
            mentor=mentor,
            account=account,
            units=units,
            settings=SETTINGS,
            experiences=EXPERIENCES,
            kinds=KINDS,
            hours=HOURS,
            genders=GENDERS,
            **{"fresh_link": "", **more},
        )

    async def keep(self, visit: Visit) -> Response:
        """A mentor's form. A new one gets an account, and a link for its password."""
        form, one = await self.form(visit), visit.part("one")
        before = Mentor("", "", frozenset()) if one == "new" else await self.people_.get(one)
        if before is None or before.retired:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        try:
            mentor = _mentor(before, form)
        except NotAllowed as problem:
            return await self._person(visit, before, error=problem.said)
        kept = await self.people_.keep(visit.name, mentor, visit.now)
        await self.refresh()
        if one != "new":
            return RedirectResponse(f"/mentors/people/{kept.id}?said=kept", status_code=303)
        try:
            name = field(form, "account") or kept.name
            secret = await self.accounts.add(visit.name, name, "mentor", visit.now, kept.id)
        except NotAllowed as problem:
            return await self._person(visit, kept, error=problem.said)
        return await self._person(visit, kept, fresh_link=f"/mentors/password/{secret}")

    async def change(self, visit: Visit) -> Response:
        """Pause, be back, leave, or a new link to sign in."""
        one, kind, said = visit.part("one"), visit.part("move"), "kept"
        mentor = await self.people_.get(one)
        if mentor is None:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        if kind in {"pause", "back"}:
            await self.people_.pause(visit.name, one, visit.now, paused=kind == "pause")
        elif kind == "retire":
            await self.people_.retire(visit.name, one, visit.now)
            said = "retired"
        elif kind == "link":
            return await self._link(visit, mentor)
        else:
            return self.render(visit, "sorry.html", 404, said=SAID["link"])
        await self.refresh()
        return RedirectResponse(f"/mentors/people/{one}?said={said}", status_code=303)

    async def _link(self, visit: Visit, mentor: Mentor) -> Response:
        account = next((a for a in await self.accounts.all() if a.mentor == mentor.id), None)
        try:
            secret = (
                await self.accounts.new_link(visit.name, account.name, visit.now)
                if account
                else await self.accounts.add(
                    visit.name, mentor.name, "mentor", visit.now, mentor.id
                )
            )
        except NotAllowed as problem:
            return await self._person(visit, mentor, error=problem.said)
        return await self._person(visit, mentor, fresh_link=f"/mentors/password/{secret}")

    # ── kept apart ─────────────────────────────────────────────────────────────────────────────

    async def apart(self, visit: Visit) -> Response:
        """The list, for staff and the coordinator alone."""
        mentors = await self.people_.all()
        units = [u for f in self.service.content.facilities.values() for u in f.units]
        return self.render(
            visit,
            "apart.html",
            pairs=await self.people_.apart(),
            names={m.id: m.name for m in mentors},
            mentors=[m for m in mentors if not m.retired],
            units=units,
        )

    async def keep_apart(self, visit: Visit) -> Response:
        """One more pair."""
        form = await self.form(visit)
        mentor, person = field(form, "mentor"), field(form, "person")[:80]
        unit = field(form, "unit")
        known = {m.id for m in await self.people_.all()}
        said = "nobody"
        if mentor in known and (person or unit):
            await self.people_.keep_apart(visit.name, mentor, person, unit, visit.now)
            await self.refresh()
            said = "kept"
        return RedirectResponse(f"/mentors/apart?said={said}", status_code=303)

    async def together(self, visit: Visit) -> Response:
        """Take a pair off."""
        await self.people_.together_again(visit.name, visit.part("one"), visit.now)
        return RedirectResponse("/mentors/apart?said=removed", status_code=303)

    # ── figures and the log ────────────────────────────────────────────────────────────────────

    async def figures(self, visit: Visit) -> Response:
        """Counts by month, with bars."""
        found = await figures.months(self.service.store)
        names = {m.id: m.name for m in await self.people_.all()}
        return self.render(
            visit,
            "figures.html",
            months=found[:12],
            names=names,
            shown=figures.SHOWN,
            waited=figures.WAITED,
            bar=lambda count, counts: round(BAR * count / max([1, *counts.values()])),
        )

    async def figures_csv(self, visit: Visit) -> Response:
        """The same counts, to calculate with."""
        found = await figures.months(self.service.store)
        await self.audit.record(visit.name, "figures-taken", "", visit.now)
        return Response(
            figures.as_csv(found),
            media_type="text/csv",
            headers={"content-disposition": 'attachment; filename="mentors.csv"'},
        )

    async def log(self, visit: Visit) -> Response:
        """What staff did, and whether the chain is whole."""
        entries = await self.audit.entries(200)
        names = {m.id: m.name for m in await self.people_.all()}
        broken = await self.audit.check()
        return self.render(visit, "log.html", entries=entries, names=names, broken=broken)

    # ── messages to staff ──────────────────────────────────────────────────────────────────────

    async def inbox(self, visit: Visit) -> Response:
        """What people told staff, the oldest first."""
        return self.render(
            visit,
            "inbox.html",
            messages=await self.inbox_.waiting(),
            answers=ANSWERS[1:],
            ends=ENDS,
        )

    async def acknowledge(self, visit: Visit) -> Response:
        """One of a few answers, which the person sees with their three words."""
        form = await self.form(visit)
        version = field(form, "version")
        done = version.isdecimal() and await self.inbox_.answer(
            visit.name,
            visit.part("one"),
            int(version[:9]),
            field(form, "answer"),
            visit.now,
        )
        said = "answered" if done else "overtaken"
        return RedirectResponse(f"/mentors/inbox?said={said}", status_code=303)

    # ── accounts ───────────────────────────────────────────────────────────────────────────────

    async def accounts_page(self, visit: Visit) -> Response:
        """Who may sign in."""
        return await self._accounts(visit)

    async def _accounts(self, visit: Visit, **more: Any) -> Response:
        return self.render(
            visit,
            "accounts.html",
            accounts=await self.accounts.all(),
            roles=[role for role in ROLES if role != "mentor"],
            **{"fresh_link": "", **more},
        )

    async def add_account(self, visit: Visit) -> Response:
        """A coordinator, staff or another admin; mentors are added by the coordinator."""
        form = await self.form(visit)
        try:
            secret = await self.accounts.add(
                visit.name, field(form, "name"), field(form, "role"), visit.now
            )
        except NotAllowed as problem:
            return await self._accounts(visit, error=problem.said)
        return await self._accounts(visit, fresh_link=f"/mentors/password/{secret}")

    async def _unlinked(self, visit: Visit, name: str) -> None:
        """Whoever may not sign in any more is no mentor on their phone either."""
        mentors = [a.mentor for a in await self.accounts.all() if a.name == name and a.mentor]
        for mentor in mentors:
            await self.people_.unlink(visit.name, mentor, visit.now)

    async def change_account(self, visit: Visit) -> Response:
        """Stop one, or a new link for one."""
        one, kind = visit.part("one"), visit.part("move")
        try:
            if kind == "stop":
                await self.accounts.stop(visit.name, one, visit.now)
                await self._unlinked(visit, one)
                return RedirectResponse("/mentors/accounts?said=stopped", status_code=303)
            if kind == "link":
                secret = await self.accounts.new_link(visit.name, one, visit.now)
                return await self._accounts(visit, fresh_link=f"/mentors/password/{secret}")
        except (NotAllowed, Conflict) as problem:
            said = problem.said if isinstance(problem, NotAllowed) else SAID["overtaken"]
            return await self._accounts(visit, error=said)
        return self.render(visit, "sorry.html", 404, said=SAID["link"])


def _mentor(before: Mentor, form: FormData) -> Mentor:
    """A mentor as the form says. Raises NotAllowed with a sentence."""

    def ticked(name: str, known: tuple[str, ...]) -> frozenset[str]:
        return frozenset(
            value for value in form.getlist(name) if isinstance(value, str) and value in known
        )

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(field(form, name)) if field(form, name) else None
        except ValueError:
            raise NotAllowed(
                "A date looks like 2027-01-31.", "Una fecha se escribe así: 2027-01-31."
            ) from None

    name, capacity = field(form, "name")[:40], field(form, "capacity")
    settings = ticked("settings", SETTINGS)
    languages = tuple(sorted(ticked("languages", ("en", "es"))))
    if not name or "*" in name:
        raise NotAllowed(
            "Give the name that people will be shown, without stars.",
            "Escribe el nombre que se va a mostrar, sin asteriscos.",
        )
    if not (settings and languages):
        raise NotAllowed(
            "Tick at least one place and one language.", "Marca por lo menos un lugar y un idioma."
        )
    if not (capacity.isdecimal() and 1 <= int(capacity[:3]) <= 50):
        raise NotAllowed(
            "How many people at once? A number from 1 to 50.",
            "¿Cuántas personas a la vez? Un número del 1 al 50.",
        )
    gender = field(form, "gender")
    return replace(
        before,
        name=name,
        settings=settings,
        languages=languages,
        experience=ticked("experience", EXPERIENCES),
        kinds=ticked("kinds", KINDS),
        hours=ticked("hours", HOURS),
        unit=field(form, "unit")[:40],
        gender=gender if gender in GENDERS else "",
        capacity=int(capacity),
        certified=day("certified"),
        renews=day("renews"),
    )
