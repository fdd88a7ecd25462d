"""Settings as people write them, in `.env` or the environment: with quotes, slips and remarks."""

from __future__ import annotations

import difflib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from dotenv.parser import Binding, parse_stream

SLIP_CUTOFF, NEAR_CUTOFF = 0.8, 0.6
"""How alike a name and one of ours must be, 0 to 1, to take it for a slip; and to suggest ours."""

OURS = ("HONE_", "SLACK_", "MICROSOFT_", "TEAMS_")
"""How our names begin: in `.env`, others that begin so are slips however far off."""

_QUOTED = re.compile("([\"'`“”„\u2018\u2019«])(.*)[\"'`“”\u2018\u2019»](\\s+#.*)?", re.DOTALL)
_REMARK = re.compile(r"\s+#.*")


def tidied(value: str) -> str:
    """Return the value without what only surrounds it: spaces, quotes, a remark behind it.

    Files for containers hand all of these on, and word processors make quotes of their own.
    """
    value = value.strip()
    if quoted := _QUOTED.fullmatch(value):
        return quoted[2].strip()
    return _REMARK.sub("", value)


def slips_in_file(path: Path, names: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each line that is no setting or names none of `names` (upper case)."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            bindings = list(parse_stream(lines))
    except FileNotFoundError:
        return
    except UnicodeDecodeError:
        yield f"{path} is not UTF-8 text: save it as such, without formatting."
        return
    except OSError as error:
        yield f"{path} cannot be read: {error.strerror}."
        return
    for line in filter(_is_broken, bindings):
        yield (
            f"{path}, line {_number(line)} is no setting: write NAME=value, and close every quote."
        )
    written = [line for line in bindings if line.key]
    for line in written:
        if (sentence := _unknown(line.key or "", names)) is not None:
            yield f"{path}, line {_number(line)}: {sentence}"
    counted = Counter(name for line in written if (name := (line.key or "").upper()) in names)
    for name, count in counted.items():
        if count > 1:
            yield f"{path} has {name} {count} times: keep one."


def _is_broken(line: Binding) -> bool:
    return line.error or (line.key is not None and line.value is None)


def _number(line: Binding) -> int:
    """Return the line's number; the parser counts from the empty lines before it."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _unknown(name: str, names: Collection[str]) -> str | None:
    if name.upper() in names:
        return None
    ours = name.upper().startswith(OURS)
    near = _nearest(name, names, NEAR_CUTOFF if ours else SLIP_CUTOFF)
    if near is None and not ours:
        return None  # of something else that reads the same file
    return f"{name} is no setting of Hone{f'; did you mean {near}?' if near else '.'}"


def slips_in_environment(names: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each variable that must be one of `names`, misspelt.

    Others are left alone: they may be anybody's, and Kubernetes adds some that begin as ours do.
    """
    for name in os.environ:
        if name.upper() in names or not name.upper().startswith(OURS):
            continue
        if near := _nearest(name, names, SLIP_CUTOFF):
            yield f"{name} in the environment is no setting of Hone; did you mean {near}?"


def _nearest(name: str, names: Collection[str], cutoff: float) -> str | None:
    """Return the name meant, however it is spelt: Microsoft's samples write MicrosoftAppId."""
    by_letters = {known.replace("_", ""): known for known in names}
    letters = name.upper().replace("_", "")
    near = difflib.get_close_matches(letters, by_letters, n=1, cutoff=cutoff)
    return by_letters[near[0]] if near else None
