"""Where everything is kept. `Database` runs units of work; `Store` is one workspace within one."""

from storage.database import Database, SecondProcess, Unavailable
from storage.store import Store

__all__ = ["Database", "SecondProcess", "Store", "Unavailable"]
