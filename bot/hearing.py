"""Takes what people type to whoever answers it: a command, an order in plain words, or a thought.

Plain words are, in this order: the answer to an open question, a command in other words, a
misspelt command, or whatever a feature makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.feature import CommandSpec, Feature, TurnHandler
from bot.text import nearest
from bot.turn import Answer, Ask, Command, Mistake, NotMeant, Reply, Said, Turn, whisper
from bot.words import is_a_slip, read_command, unknown_word
from storage import Store

COMMAND_MAX_CHARS = 40_000
ORDER_MAX_WORDS = 3
"""More words that make no sense as a command are a sentence."""

ASKS_FOR_HELP = ("help", "?", "--help", "-h")
_ITEM = re.compile("#[0-9]")
ONE_FORM = "Nothing of that was done: more than one of them asks something. One at a time, please."
FILES_LEFT = "I did not read your file. Send it with “backlog import” to bring it in."


class Hearing:
    """Knows every command, and the features that listen to plain words."""

    def __init__(self, features: Sequence[Feature], specs: Mapping[str, CommandSpec]) -> None:
        self._specs = specs
        self._answering = [f.on_answer for f in features if f.on_answer is not None]
        self._reading = [f.reads for f in features if f.reads is not None]
        self._listening = [f.on_message for f in features if f.on_message is not None]
        self._taking = [f.on_document for f in features if f.on_document is not None]

    async def documents(self, turn: Turn, store: Store) -> Reply:
        """Take files that were sent to Hone; None where words beside them say what is wanted."""
        match turn.intent:
            case Said(text) if not text or turn.place.private:
                return await _first(self._taking, turn, store)
            case Command("", ""):
                return await _first(self._taking, turn, store)
            case _:
                return None

    async def command(self, turn: Turn, store: Store) -> Reply:
        """Run a command; one that nobody knows is read as plain words."""
        given = turn.intent
        assert isinstance(given, Command)
        if len(given.text) > COMMAND_MAX_CHARS:
            return whisper(
                f"That is {len(given.text):,} characters; a command may have "
                f"{COMMAND_MAX_CHARS:,}. Please shorten it: nothing was saved."
            )
        name, text, line = self.behind_the_door(given.name, given.text, given.spelled)
        if name not in self._specs:
            typed = line if given.plain or name != given.name else f"/{line}"
            return await self.words(_with_words(turn, typed), store)
        is_answer = given.plain and not text and self._specs[name].may_answer
        if is_answer and (reply := await self._answer(_with_words(turn, line), store)) is not None:
            return reply
        if self._is_known(name, text):
            return await self._run(turn, store, name, text)
        if meant := await self._meant(turn, store, line):
            return await self._run_all(turn, store, meant)
        try:
            return await self._run(turn, store, name, text)
        except NotMeant:
            is_long = len(line.split()) > ORDER_MAX_WORDS
            if given.plain and is_long and not is_a_slip(text, self._specs[name].verbs):
                return await self.words(_with_words(turn, line), store)
            raise

    async def words(self, turn: Turn, store: Store) -> Reply:
        """Let the first answer plain words that makes something of them."""
        said = turn.intent
        assert isinstance(said, Said)
        if (reply := await self._answer(turn, store)) is not None:
            return _beside_files(turn, reply)
        if meant := await self._meant(turn, store, said.text):
            return await self._run_all(turn, store, meant)
        first = read_command(said.text)[0]
        is_slip = not turn.place.private and self._is_misspelt(said.text)
        is_command = said.text.startswith("/") or is_slip
        if not is_command and (reply := await _first(self._listening, turn, store)) is not None:
            return _beside_files(turn, reply)
        return whisper(*unknown_word(first, self._specs, also="help"))

    def _is_misspelt(self, words: str) -> bool:
        """Whether the words must be a command, misspelt: "retry logic is missing" is none."""
        first, rest = read_command(words)
        command = nearest(first, self._specs)
        if command is None:
            return False
        is_order = read_command(rest)[0] in self._specs[command].verbs or _ITEM.search(rest)
        return bool(is_order) or len(words.split()) <= ORDER_MAX_WORDS

    async def _answer(self, turn: Turn, store: Store) -> Reply:
        """Take words as the answer to a question that is open; None if there is none."""
        return await _first(self._answering, turn, store)

    def behind_the_door(self, name: str, text: str, spelled: str = "") -> tuple[str, str, str]:
        """Return the command that is meant, what follows it, and both as they were typed.

        A mention or a door without a word asks for help.
        """
        line = f"{spelled or name} {text}"
        while (spec := self._specs.get(name)) is not None and spec.run is None:
            line = text
            name, text = read_command(text)
        return name or "help", text, line

    def as_meant(self, given: Command | Said) -> Command | Said:
        """Return the command that is given by its own name, behind a door or in other words."""
        line, mentions = given.text if isinstance(given, Said) else "", given.mentions
        if isinstance(given, Command):
            name, text, line = self.behind_the_door(given.name, given.text)
            if name in self._specs:
                return replace(given, name=name, text=text)
            line = line if given.plain or name != given.name else f"/{line}"
        meant = self._read(line) if line.startswith("/") else None  # `/idea … --anon`
        return Command(*read_command(meant.partition("\n")[0]), mentions) if meant else given

    def _is_known(self, name: str, text: str) -> bool:
        """Whether nothing, a verb of the command or `help` follows it."""
        verb = read_command(text)[0]
        return verb in ("", *ASKS_FOR_HELP) or verb in self._specs[name].verbs

    async def _run(self, turn: Turn, store: Store, name: str, text: str) -> Reply:
        spec = self._specs[name]
        assert spec.run is not None, "a door has been passed"
        verb, rest = read_command(text)
        if verb in ASKS_FOR_HELP and not rest and name != "help":
            return await self._run(turn, store, "help", name)
        if verb in spec.verbs:
            reply = await spec.verbs[verb].run(turn, store, rest)
            return reply if spec.verbs[verb].takes_files else _beside_files(turn, reply)
        if verb and not spec.free_text and (verb.isalpha() or not spec.verbs):
            lines = [f"{name} {word}" for word in spec.verbs]
            raise NotMeant(*unknown_word(f"{name} {verb}", lines, also=f"{name} help"))
        return _beside_files(turn, await spec.run(turn, store, text))

    async def _run_all(self, turn: Turn, store: Store, commands: Sequence[Command]) -> Reply:
        """Run each; where one of several cannot be done, none is, and that is said."""
        answers: list[Answer] = []
        try:
            for meant in commands:
                reply = await self._run(replace(turn, intent=meant), store, meant.name, meant.text)
                answers += _flat(_asked_by(meant, reply))
        except Mistake as mistake:
            if len(commands) == 1:
                raise
            raise Mistake("Nothing of that was done. ", *mistake.args) from None
        if sum(isinstance(answer, Ask) for answer in answers) > 1:
            raise Mistake(ONE_FORM)
        return tuple(answers)

    async def _meant(self, turn: Turn, store: Store, line: str) -> Sequence[Command]:
        """Return the commands that a line says in other words, whatever names its items there."""
        given = turn.intent
        assert isinstance(given, Command | Said)
        meant = self._read(line)
        if meant is None and (numbered := await store.records.with_numbers(line)) != line:
            meant = self._read(numbered)
        return [
            Command(*read_command(each), given.mentions, given.quote, given.things)
            for each in (meant or "").split("\n")
            if each
        ]

    def _read(self, line: str) -> str | None:
        found = (meant for reads in self._reading if (meant := reads(line)) is not None)
        return next(found, None)


async def _first(handlers: Sequence[TurnHandler], turn: Turn, store: Store) -> Reply:
    """Return what the first makes of the words that makes anything of them."""
    for handler in handlers:
        if (reply := await handler(turn, store)) is not None:
            return reply
    return None


def _beside_files(turn: Turn, reply: Reply) -> Reply:
    """Say of files that came with words about something else that nobody has read them."""
    if not turn.documents:
        return reply
    return *_flat(reply), whisper(FILES_LEFT)


def _flat(reply: Reply) -> tuple[Answer, ...]:
    return () if reply is None else reply if isinstance(reply, tuple) else (reply,)


def _with_words(turn: Turn, line: str) -> Turn:
    given = turn.intent
    assert isinstance(given, Command)
    return replace(turn, intent=Said(line.strip(), given.mentions, given.quote, given.things))


def _asked_by(command: Command, reply: Reply) -> Reply:
    """Note which command asks for the form: where words open none, the command is given again."""

    def noted(answer: Answer) -> Answer:
        return replace(answer, by=command) if isinstance(answer, Ask) else answer

    if isinstance(reply, tuple):
        return tuple(noted(answer) for answer in reply)
    return None if reply is None else noted(reply)
