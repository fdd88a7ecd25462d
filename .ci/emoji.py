"""Make Slack's table of emoji names anew, `bot/slack/emoji.txt`, from npm's `emoji-datasource`.

    python .ci/emoji.py

npm fetches the package from whichever registry this machine uses; its pictures are left behind.
The version is pinned here, so the table changes when somebody decides that it does.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PACKAGE = "emoji-datasource@16.0.0"
TABLE = Path(__file__).resolve().parent.parent / "bot" / "slack" / "emoji.txt"

TONES = ("1F3FB", "1F3FC", "1F3FD", "1F3FE", "1F3FF")
ABOUT = f"""\
# What Slack's emoji names stand for, made by `make emoji` from npm's {PACKAGE}.
# An emoji, its names, and where it takes skin tones: itself with 1 for the tone,
# then with 1 and 2 where two people have one each. Fields are separated by tabs.
#
"""


def main() -> None:
    """Write the table and say what became of it."""
    emoji, licence = _fetched()
    lines = [_line(each) for each in sorted(emoji, key=lambda each: int(each["sort_order"]))]
    quoted = "".join(f"# {line}".rstrip() + "\n" for line in licence.splitlines())
    TABLE.write_text(f"{ABOUT}{quoted}" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TABLE.name}: {len(lines)} emoji, {TABLE.stat().st_size:,} bytes")


def _fetched() -> tuple[list[dict[str, Any]], str]:
    """Return the package's emoji and its licence."""
    with TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True)
        [packed] = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            emoji, licence = (_read(archive, name) for name in ("emoji.json", "LICENSE"))
    return json.loads(emoji), licence


def _read(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(f"package/{name}")
    assert file is not None, f"the package has no {name}"
    return file.read().decode()


def _line(emoji: dict[str, Any]) -> str:
    names = " ".join(emoji["short_names"])
    fields = [_text(emoji["unified"]), names, *_toned(emoji.get("skin_variations", {}))]
    return "\t".join(fields)


def _toned(variations: dict[str, Any]) -> Iterator[str]:
    """Yield the patterns of an emoji that takes skin tones."""
    if not variations:
        return
    twice = variations.get(f"{TONES[0]}-{TONES[1]}")
    once = variations.get(TONES[0])
    if once:
        yield _text(once["unified"].replace(TONES[0], "0031"))
    if twice:
        pattern = _text(twice["unified"].replace(TONES[0], "0031").replace(TONES[1], "0032"))
        if not once:  # one tone for both
            yield pattern.replace("2", "1")
        yield pattern


def _text(code_points: str) -> str:
    return "".join(chr(int(point, 16)) for point in code_points.split("-"))


if __name__ == "__main__":
    main()
