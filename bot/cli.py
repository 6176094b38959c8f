"""Every command. Each imports what it needs when it is called, so that `chat` starts at once.

Exit codes: 0 all is well, 1 something was found (a problem, a failing transcript), 2 the command
could not be done (a wrong option, a missing file), said in one line.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, NoReturn

import click

from bot.engine.house import LANGUAGES
from bot.engine.model import SETTINGS, Conversation
from bot.settings import Settings, SettingsProblem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.phones import Phones
    from bot.content.load import Loaded
    from bot.engine.content import Content
    from bot.mentoring.accounts import Accounts
    from bot.service import Service

SETTING = click.option(
    "--setting", type=click.Choice(SETTINGS), help="Where the person is; asked if not given."
)
LANG = click.option("--lang", type=click.Choice(list(LANGUAGES)), help="The language to start in.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path), required=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peerpath")
def main() -> None:
    """Peerpath: a chat that walks a person, one message at a time, to something that helps."""


def _cannot(sentence: object) -> NoReturn:
    """Say in one line what can't be done, and leave with 2."""
    click.echo(f"peerpath: {sentence}", err=True)
    sys.exit(2)


def _settings() -> Settings:
    try:
        return Settings.read()
    except SettingsProblem as problem:
        _cannot(problem)


def _folder(folder: Path | None) -> Path:
    chosen = folder or _settings().content_dir
    if not chosen.is_dir():
        _cannot(f"there is no folder {chosen}.")
    return chosen


def _load(folder: Path | None = None) -> "Loaded":
    from bot.content.load import load

    loaded = load(_folder(folder), _settings().learnt_dir)
    _tell(sum(problem.severity == "error" for problem in loaded.problems))
    return loaded


def _content() -> "Content":
    """What is spoken from, ready as it was kept where nothing has changed."""
    from bot.content.edition import edition

    kept = edition(_folder(None), _settings().learnt_dir)
    _tell(kept.errors)
    return kept.content


def _tell(errors: int) -> None:
    if errors:
        click.echo(
            f"peerpath: {errors} files or lines of the content can't be used; "
            "`peerpath check` lists them.",
            err=True,
        )


def _newcomer(
    settings: Settings, content: "Content", setting: str | None = None, lang: str | None = None
) -> Conversation:
    facility = content.facilities.get(settings.facility)
    if settings.facility and facility is None:
        known = ", ".join(sorted(content.facilities)) or "none"
        _cannot(f"PEERPATH_FACILITY is `{settings.facility}`; there is {known}.")
    return Conversation(
        language=lang or "",
        setting=setting or (facility.setting if facility else ""),
        facility=facility.id if facility and not setting else "",
    )


def _service(settings: Settings, content: "Content", url: str) -> "Service":
    from bot.service import Service
    from bot.store import StoreProblem, open_store

    try:
        return Service(content, open_store(url), settings.secret())
    except (StoreProblem, SettingsProblem) as problem:
        _cannot(problem)


def _phones(settings: Settings, service: "Service", *, polls: bool) -> "Phones":
    from bot.channels.phones import Phones, Setup
    from bot.channels.sms import Account

    sms = None
    if settings.sms_token:
        if not settings.public_url:
            _cannot("text messages need PEERPATH_PUBLIC_URL, where the carrier posts them.")
        url = settings.sms_api_url or Account("").api_url
        sms = Account(settings.sms_token, settings.sms_account, settings.sms_number, url)
    setup = Setup(
        # Where nobody polls and nothing is posted, another process is the bot.
        settings.telegram_token if polls or settings.public_url else "",
        settings.telegram_api_url,
        settings.telegram_webhook_secret,
        settings.telegram_per_second,
        sms,
        settings.public_url,
    )
    try:
        return Phones(service, settings.secret(), setup)
    except SettingsProblem as problem:
        _cannot(problem)
    except ImportError as missing:
        extra = "sms" if missing.name == "httpx" else "telegram"
        _cannot(f"this needs one more part: pip install 'peerpath[{extra}]'.")


# ── talk ───────────────────────────────────────────────────────────────────────────────────────


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """The kiosk page, at http://HOST:PORT/, and the webhooks of the phone channels."""
    from bot.channels.web.serve import run

    settings = _settings()
    click.echo("Getting ready. The very first time can take a minute.")
    content = _content()
    newcomer = _newcomer(settings, content)
    service = _service(settings, content, settings.database_url)
    phones = _phones(settings, service, polls=False)
    click.echo(f"The kiosk is at http://{host}:{port}/ (Ctrl+C ends it).")
    sys.exit(run(service, newcomer, host, port, settings.trusted_proxies, phones))


@main.command()
def telegram() -> None:
    """The Telegram bot, asking for updates. Where PEERPATH_PUBLIC_URL is set, `serve` is told of them
    instead, and this helps to answer."""
    from bot.channels.worker import run

    settings = _settings()
    if not settings.telegram_token:
        _cannot(
            "PEERPATH_TELEGRAM_TOKEN is not set. BotFather gives you one (docs/telegram-and-sms.md)."
        )
    service = _service(settings, _content(), settings.database_url)
    sys.exit(run(service, _phones(settings, service, polls=True)))


@main.command()
@SETTING
@LANG
def chat(setting: str | None, lang: str | None) -> None:
    """Talk here in the terminal. With input piped in, it answers line by line."""
    from bot.channels.terminal import chat as talk
    from bot.service import Service
    from bot.store import open_store

    settings = _settings()
    content = _content()
    newcomer = _newcomer(settings, content, setting, lang)
    # Nothing of a talk in the terminal is worth keeping: it needs no secret and no file.
    talk(Service(content, open_store("memory:"), b"terminal"), newcomer, sys.stdin, sys.stdout)


@main.command()
@click.argument("flow")
@SETTING
@LANG
def preview(flow: str, setting: str | None, lang: str | None) -> None:
    """Walk FLOW (or a step of it) and see why each answer came."""
    from bot.channels.terminal import preview as walk
    from bot.content.problems import did_you_mean
    from bot.engine.conversation import respond

    content = _content()
    place = content.start(flow)
    if not place:
        hint = did_you_mean(flow, content.flows)
        _cannot(f"there is no flow called `{flow}`. {hint}".strip())
    serves = content.flows[place.rpartition("/")[0]].settings
    where = setting or next(s for s in SETTINGS if s in serves)
    start = Conversation(language=lang or "en", setting=where, place=place)
    walk(
        lambda conversation, turn: respond(content, conversation, turn),
        start,
        sys.stdin,
        sys.stdout,
    )


# ── content ────────────────────────────────────────────────────────────────────────────────────


@main.command()
@FOLDER
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def check(folder: Path | None, form: str) -> None:
    """Every problem of a content folder. Exit 1 if any of them is an error."""
    from bot.content.check import check as judge

    problems = judge(_folder(folder), _today(), _settings().learnt_dir)
    errors = sum(problem.severity == "error" for problem in problems)
    if form == "json":
        click.echo(
            json.dumps(
                [
                    {
                        "file": p.at.file,
                        "line": p.at.line,
                        "column": p.at.column,
                        "code": p.code,
                        "severity": p.severity,
                        "message": p.message,
                        "hint": p.hint,
                    }
                    for p in problems
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors else 0)


@main.command("test")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--update", is_flag=True, help="Rewrite what is expected to what happened.")
@click.option("--coverage/--no-coverage", default=True, help="List the steps nobody tested.")
def run_transcripts(path: Path | None, *, update: bool, coverage: bool) -> None:
    """Play the transcripts in PATH (a file or folder; tests/transcripts if not given)."""
    from bot.staff import transcripts

    content = _content()
    where = path or _settings().content_dir / "tests" / "transcripts"
    files = sorted(where.rglob("*.txt")) if where.is_dir() else [where]
    if not files or not all(file.is_file() for file in files):
        _cannot(f"there are no transcripts at {where}.")
    failures, steps, turns = [], set(), 0
    for file in files:
        result = transcripts.run(file, content, _short(file))
        steps |= result.steps
        turns += result.turns
        if update and result.failures:
            file.write_text(result.updated, encoding="utf-8")
            click.echo(f"rewritten, please review: {_short(file)}")
        else:
            failures += result.failures
    for failure in failures:
        click.echo(str(failure))
    count, missing = transcripts.coverage(content, steps)
    if coverage:
        for place in missing:
            click.echo(f"not tested: {place}")
    share = 100 * (count - len(missing)) / max(1, count)
    click.echo(
        f"{len(files)} transcripts, {turns} turns, {len(failures)} failures; "
        f"{count - len(missing)} of {count} steps ({share:.0f} %)"
    )
    sys.exit(1 if failures else 0)


@main.command()
@click.argument("flow", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def graph(flow: str | None, output: Path) -> None:
    """Draw FLOW, or how all flows lead to each other, as an SVG picture."""
    from bot.content.problems import did_you_mean
    from bot.staff.graph import draw

    content = _content()
    if flow and flow not in content.flows:
        _cannot(f"there is no flow called `{flow}`. {did_you_mean(flow, content.flows)}".strip())
    try:
        output.write_text(draw(content, flow or ""), encoding="utf-8")
    except OSError as error:
        _cannot(f"{output} can't be written ({error.strerror}).")
    click.echo(f"drawn: {output}")


@main.command()
def schema() -> None:
    """The JSON Schema of a flow file, for editors."""
    from bot.content.schema import flow_schema

    click.echo(json.dumps(flow_schema(), indent=2))


@main.group()
def words() -> None:
    """Translations: bring them up to date, see how far they are."""


@words.command("update")
def words_update() -> None:
    """Write new and changed texts into words/*.po for a translator."""
    from bot.content.words import TRANSLATED, update

    loaded = _load()
    for room, sources in loaded.sources.items():
        for language in TRANSLATED:
            path = _settings().content_dir / room / "words" / f"{language}.po"
            counts = update(path, sources.values(), language)
            said = ", ".join(f"{count} {what}" for what, count in counts.items())
            click.echo(f"{room}/words/{language}.po: {said}")


@words.command("status")
def words_status() -> None:
    """How much is translated, file by file."""
    from bot.content.words import TRANSLATED

    loaded = _load()
    for language in TRANSLATED:
        for room, sources in loaded.sources.items():
            entries = loaded.translations.get((room, language), {})
            by_file: dict[str, list[bool]] = {}
            for text_id, source in sources.items():
                entry = entries.get(text_id)
                good = bool(entry and entry.words and not entry.fuzzy)
                good = good and entry is not None and entry.source == source.text.source
                by_file.setdefault(source.at.file, []).append(good)
            for file, good_ones in sorted(by_file.items()):
                share = 100 * sum(good_ones) / len(good_ones)
                click.echo(f"{language} {share:5.0f} %  {sum(good_ones)}/{len(good_ones)}  {file}")


@main.command()
def signoff() -> None:
    """The digests that a reviewer of the crisis words signs."""
    from bot.content.signing import digest_of, safety_texts

    loaded = _load()
    for text in safety_texts(loaded.drafts):
        click.echo(f"{digest_of(text, loaded.sources, loaded.translations)}  {text}")


# ── directories of resources ───────────────────────────────────────────────────────────────────


@main.group("import")
def import_() -> None:
    """Bring in what others keep."""


@import_.command("hsds")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--name", help="A short name for the directory; PATH's own if not given.")
@click.option("--area", default="", help="The county of services whose own is not one of ours.")
@click.option("--source", default="", help="Where the directory is from, kept with each resource.")
@click.option("--source-date", default="", help="How old it is, where it does not say itself.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what came of every row.")
def import_hsds(
    path: Path, name: str | None, area: str, source: str, source_date: str, report: Path | None
) -> None:
    """A resource directory at PATH: HSDS as JSON or CSV, a file or a folder.

    It becomes knowledge/directories/NAME.jsonl. Every row is accounted for."""
    from time import perf_counter

    from bot.content.directory.shelf import ROOM, write_directory
    from bot.content.load import load_knowledge

    try:
        from bot.content.directory.taking import Order
        from bot.staff import directories
    except ImportError:
        _cannot("this needs the extra `hsds`: pip install 'peerpath[hsds]'.")
    began = perf_counter()
    known = load_knowledge(_folder(None))
    try:
        asked = Order(name or path.resolve().stem, _today(), source, source_date, area)
        order = directories.checked(asked, known)
    except ValueError as error:
        _cannot(error)
    account = directories.take_in(path, order, known)
    if not account.tables["service"]:
        _cannot(f"there are no services at {path}. It should be HSDS, as JSON or CSV.")
    file = _settings().content_dir / ROOM / f"{order.name}.jsonl"
    try:
        write_directory(file, account.records)
        if report:
            directories.write_report(report, account)
    except OSError as error:
        _cannot(f"{error.filename or file} can't be written ({error.strerror}).")
    for line in directories.said(account, known.directories.get(order.name, [])):
        click.echo(line)
    click.echo(f"written: {ROOM}/{file.name}, in {perf_counter() - began:.1f} seconds")


@main.group("export")
def export() -> None:
    """Give others what we keep."""


@export.command("hsds")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--form", type=click.Choice(["json", "tabular"]), default="json", show_default=True)
@click.option("--all", "whole", is_flag=True, help="Also what was imported from others.")
def export_hsds(path: Path, form: str, *, whole: bool) -> None:
    """Our resources as HSDS 3.0 in the folder PATH, for other programs to read."""
    from bot.content.directory.giving import give
    from bot.content.load import all_resources, load_knowledge

    known = load_knowledge(_folder(None))
    resources = all_resources(known, []) if whole else known.resources
    try:
        files = give(resources.values(), known.areas, path, form)
    except OSError as error:
        _cannot(f"{path} can't be written ({error.strerror}).")
    for file in files:
        click.echo(f"written: {_short(file)}")
    click.echo(f"{len(resources)} resources")


@main.command()
@click.option("--limit", default=10, show_default=True, help="How many; 0 for all.")
@click.option("--all", "whole", is_flag=True, help="Also what was imported from others.")
def calls(limit: int, *, whole: bool) -> None:
    """Who should be called next: read on a page, never asked, the longest ago first."""
    from bot.content.load import all_resources, load_knowledge
    from bot.staff.calls import call_sheet, to_call

    known = load_knowledge(_folder(None))
    resources = all_resources(known, []) if whole else known.resources
    waiting = to_call(resources.values())
    for resource in waiting[: limit or None]:
        for line in call_sheet(resource):
            click.echo(line)
        click.echo()
    click.echo(f"{len(waiting)} resources with a phone were read and never called")


@main.command()
@click.option("--setting", type=click.Choice(SETTINGS), required=True, help="Who it is for.")
@click.option("--area", default="", help="A county of knowledge/areas.yaml, for what is near.")
@LANG
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def booklet(setting: str, area: str, lang: str | None, output: Path) -> None:
    """A printable booklet (PDF) of the coping cards and resources of a place, for people who have
    no screen."""
    from bot.content.problems import did_you_mean

    try:
        from bot.staff.booklet import booklet as print_out
    except ImportError:
        _cannot("a booklet needs one more part: pip install 'peerpath[booklet]'.")
    settings = _settings()
    content = _content()
    if area and area not in content.areas:
        _cannot(f"there is no county called `{area}`. {did_you_mean(area, content.areas)}".strip())
    facility = content.facilities.get(settings.facility)
    own = facility.id if facility and facility.setting == setting else ""
    printed = print_out(content, setting, area, lang or "en", _today(), own)
    try:
        output.write_bytes(printed)
    except OSError as error:
        _cannot(f"{output} can't be written ({error.strerror}).")
    click.echo(f"printed: {output}")


# ── understanding ──────────────────────────────────────────────────────────────────────────────


@main.command()
def classify() -> None:
    """Read one message a line, print one JSON object a line: what the guard and matcher hear."""
    from bot.staff.quality import classify as judge

    content = _content()
    for line in sys.stdin:
        click.echo(json.dumps(judge(content, line.rstrip("\n")), ensure_ascii=False))


@main.command()
@click.argument("table", type=click.Path(path_type=Path))
def evaluate(table: Path) -> None:
    """Score a phrase TABLE (tab-separated), with Wilson intervals and the worst confusions."""
    from bot.staff import quality

    try:
        rows = quality.read_table(table)
    except quality.TableProblem as problem:
        _cannot(problem)
    for line in quality.evaluate(_content(), rows):
        click.echo(line)


# ── the mentors' desk ──────────────────────────────────────────────────────────────────────────


@main.group()
def staff() -> None:
    """Who may sign in at the mentors' desk."""


@staff.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["coordinator", "staff", "admin"]),
    default="admin",
    show_default=True,
)
def staff_add(name: str, role: str) -> None:
    """A new account NAME, and the link by which its owner sets the password, once.

    Mentors are added at the desk, by the coordinator."""
    secret = _at_the_desk(lambda desk: desk.add("the command line", name, role, time()))
    _say_link(name, secret)


@staff.command("link")
@click.argument("name")
def staff_link(name: str) -> None:
    """A new link for NAME, who forgot the password. The old password is void."""
    secret = _at_the_desk(lambda desk: desk.new_link("the command line", name, time()))
    _say_link(name, secret)


def _say_link(name: str, secret: str) -> None:
    where = _settings().public_url.rstrip("/") or "http://127.0.0.1:8000"
    click.echo(f"{name} sets the password here, once, within three days:")
    click.echo(f"{where}/mentors/password/{secret}")


def _at_the_desk(do: "Callable[[Accounts], Awaitable[str]]") -> str:
    import asyncio

    from bot.mentoring.accounts import Accounts, NotAllowed
    from bot.mentoring.audit import Audit
    from bot.store import StoreProblem, open_store

    settings = _settings()

    async def run() -> str:
        store = open_store(settings.database_url)
        await store.open()
        try:
            return await do(Accounts(store, Audit(store, settings.secret())))
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except (StoreProblem, SettingsProblem, NotAllowed) as problem:
        _cannot(problem)


# ── the store ──────────────────────────────────────────────────────────────────────────────────


@main.group()
def db() -> None:
    """The store: bring it up to date, check it, copy it."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Apply the migrations that the store has not seen."""
    _with_store("upgrade")
    click.echo("the store is up to date")


@db.command("check")
@click.option(
    "--seen",
    multiple=True,
    metavar="ROW:LETTERS",
    help="What was written down of the log of what staff did, as its page shows it. Again for more.",
)
def db_check(seen: tuple[str, ...]) -> None:
    """Whether what is stored is sound. Exit 1 if not."""
    from bot.mentoring.audit import readable

    for mark in seen:
        if not readable(mark):
            raise click.BadParameter(
                f"`{mark}` is not what the log's page shows. Like this: --seen 12:8c1f04ab93d7"
            )
    found = _with_store("check", *seen)
    for line in found:
        click.echo(line)
    click.echo("the store is sound" if not found else f"{len(found)} problems")
    sys.exit(1 if found else 0)


@db.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
def db_backup(path: Path) -> None:
    """A whole copy in a new file, while others go on writing."""
    _with_store("backup", str(path))
    click.echo(f"copied to {path}")


def _with_store(what: str, *given: str) -> list[str]:
    import asyncio

    from bot.mentoring.audit import Audit
    from bot.store import StoreProblem, open_store

    async def run() -> list[str]:
        store = open_store(_settings().database_url)
        await store.open()
        try:
            if what == "backup":
                await store.backup(*given)
            if what != "check":
                return []
            audit = Audit(store, _settings().secret())
            return [*await store.check(), *await audit.check(*given)]
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except (StoreProblem, SettingsProblem) as problem:
        _cannot(problem)


def _today() -> date:
    return datetime.now(UTC).date()


def _short(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
