"""Where everything is kept. `Database` runs units of work; `Store` is one workspace within one.

Rows are asked for in one of two ways, and nothing between:

- **The ORM, where rows change.** `session.get`, `select(Item)`, then set attributes, or `add`: what
  changed is written before the next query and at the commit. Also for questions asked now and
  then, for changes of many rows at once, and for what a digest reads, which lets others go first
  after each statement. A `select` of whole rows that most turns run may be kept beside its table.
- **A compiled statement (`Prepared`), on the hot path.** What every turn, vote, card and message
  runs and that needs no row afterwards: plain values out, a change in, a tenth of the time. And
  whatever inserts or replaces (`upsert`). It sees what the ORM changed, but a row that the ORM
  holds already does not see what it changes.

A table stands in the file with its queries, and is described in docs/schema.md. Methods of a group
(`store.items`) stay within their workspace; a function that takes a `Store` looks at all of them.
Nobody outside this folder touches a session.
"""

from storage.database import Database, SecondProcess
from storage.patience import MaybeSaved, Unavailable, one_deadline, time_to_spare
from storage.store import Store

__all__ = [
    "Database",
    "MaybeSaved",
    "SecondProcess",
    "Store",
    "Unavailable",
    "one_deadline",
    "time_to_spare",
]
