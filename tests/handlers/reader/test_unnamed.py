"""The wish to stay unnamed is heard in words, too: a published name cannot be taken back."""

from __future__ import annotations

import time

import pytest

from handlers.reader.anonymity import asks
from handlers.reader.unnamed import said_in_words

SENTENCE = "My manager shouts in meetings"


@pytest.mark.parametrize(
    "said",
    [
        *(", anonymous please", ". Please keep me anonymous", " (please keep this anonymous)"),
        *(" please keep this anonymous", " - keep it anonymous", "\nPost this anonymously."),
        *(". I want to stay anonymous", "! Stay anonymous", ". I'd like to be anonymous please"),
        *(", don't show my name", ". Please leave my name out of it", " (without my name)"),
        *(". Do not name me", ". Don't tell them it was me", " – no names", ". Off the record"),
        *(" --no-name", " --noname", " —hidden", " --private", " – unnamed", " --secret please"),
        *(" --an0n", " --a non", " (anonym bitte)", ", bitte anonym", ". Ohne meinen Namen"),
        *(" (sin mi nombre)", ". De forma anónima, por favor", " (sans mon nom)", " --匿名"),
        *(" pls dont put my name on it", " w/o my name", " without my name pls", " no names pls"),
        *(". my name shouldnt appear", " dont mention me", " keep me out of it"),
        *(" you didn't hear it from me", " dont tell anyone i said that", " off the record"),
        *(" (confidential)", " --confidential", " in confidence", " --hide-name", " --an"),
        *(" make this one anon pls", " make it anonymous thx", " can this be anonymous"),
        *(" is this anonymous?", " anonymously pls", " anonym bitte", " anon mode", " #anonymous"),
        *(" and i want to stay anonymous", " anoniem aub", " anonimowo proszę", " --анон"),
        *(" plz no name", " please dont sign this", " (unsigned)", " w/out my name"),
        *(" leave me out of this", " keep my identity private", " (prefer anonymous)"),
        *(" this is anonymous right?", " anonymous?", " annonymous pls", " anonymous: yes"),
        *(" by anonymous", " #culture anonymous", " @ada anonymous", " anonym, danke"),
        *(". I'd rather not be named", ". I don't want to be identified.", " sent anonymously"),
        *(". Do not reveal my identity", ". Please hide who I am", ". No attribution"),
        *(". Nobody should know it was me", ". Keep my identity out of this", " name=none"),
        *(". Reported anonymously", ". Chatham House rules", ". From a concerned colleague"),
        *(". Bitte nicht sagen, dass das von mir kommt", ". Ich möchte nicht genannt werden"),
        *(". Namen bitte weglassen", ". Bitte vertraulich behandeln", ". Das bleibt unter uns"),
        *(". Quiero permanecer en el anonimato", ". No digas que fui yo", ". No me nombres"),
        *(". Merci de garder l'anonymat", ". Sans me nommer", ". Ne dites pas que c'est moi"),
        *(". Não diga meu nome", ". Vorrei restare anonimo", ". Ik wil anoniem blijven"),
        *(". Proszę anonimowo", ". Без моего имени"),
        *("（匿名で）", " 匿名希望", " (анонимно)", ". пожалуйста, анонимно"),  # noqa: RUF001
    ],
)
def test_behind_the_sentence_it_is_asked_about(said: str) -> None:
    assert asks(f"{SENTENCE}{said}")


@pytest.mark.parametrize(
    "said",
    [
        *("I'd like to stay anonymous but ", "log anonymously ", "anonymous feedback: "),
        *("anonymous ", "I want to say anonymously that ", "pls anon ", "anonymous please "),
        *("Anonymous - ", "keep this between us: ", "off the record "),
        *("this anonymously: ", "anonymously ", "Please keep this anonymous. "),
        *("--no-name ", "匿名 ", "in anonymous mode: "),
    ],
)
def test_before_the_sentence_too(said: str) -> None:
    assert asks(f"{said}{SENTENCE.replace('My', 'my')}")


@pytest.mark.parametrize(
    "sentence",
    [
        "Let people report it anonymously",
        "Users want to stay anonymous",
        "Keep surveys anonymous and short",
        "Make retros anonymous, please",
        "Make it possible to vote anonymously",
        "Add anonymous mode",
        "Anonymously submitted feedback gets lost",
        "Surveys need honest, anonymous, quick answers",
        "Files have no names",
        "Guests without a name are not found",
        "Users can hide their name",
        "Nobody knows my name in the office",
        "Hide my name in the user list",
        "Do not mention me in every PR",
        "Let me know who wrote it",
        "Tests don't say who broke them",
        "Document the --private flag of npm",
        "Secret keys are in the repo",
        "Keys leak #private",
        "Nobody can post anonymously",
        "I want surveys to be anonymous",
        "Customer data must be kept confidential",
        "Off the record talks decide everything",
        "Let us vote anonymously please",
        "Log anonymous users out after an hour",
        "Crash logs are sent anonymously",
        "Nobody knows who I am talking to on support",
        "Owners should not be named on public cards",
        "I don't know who decides",
        "Nobody tells me who wrote this module",
        "Ich weiß nicht, wer das entscheidet",
        "No sé quién decide",
        "Je ne sais pas qui décide",
        "Confidential documents lie on the printer",
        "Анонсы релизов теряются",
        "匿名アンケートが使われない",
    ],
)
def test_what_is_about_others_is_prose(sentence: str) -> None:
    assert not asks(sentence)


@pytest.mark.parametrize("piece", ["my name ", "-", "匿名で", "please ", "keep it ", "anonymous "])
def test_long_texts_take_no_longer_than_long(piece: str) -> None:
    started = time.process_time()
    said_in_words(f"{piece * (40_000 // len(piece))}x")
    assert time.process_time() - started < 1.0
