"""Linear's own schema as judge: every query of ours has to be one of its. Run by its own Python.

python linear.py SCHEMA QUERIES     QUERIES is bot/trackers/linear/queries.py
"""

import runpy
import sys
from pathlib import Path

from graphql import build_schema, parse, validate


def main(schema, queries):
    known = build_schema(Path(schema).read_text(encoding="utf-8"))
    asked = runpy.run_path(queries)["ALL"]
    wrong = [str(error) for each in asked for error in validate(known, parse(each))]
    for error in wrong:
        print(error)
    if wrong:
        raise SystemExit("Linear's schema does not know what we ask")
    print(f"  {len(asked)} queries are as Linear's schema says")


if __name__ == "__main__":
    main(*sys.argv[1:])
