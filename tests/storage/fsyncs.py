"""Counts how often SQLite asks the operating system to write a file to the disk.

A setting that reads FULL is what was asked for; what was done can only be counted. SQLite calls a
file's `xSync` for each fsync: an open connection's two files, the database and its log of changes
to come (WAL), are given one that counts and then does the same.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import sqlite3
from typing import Any, Final

import pytest

DATABASE, LOG = 7, 28
"""SQLITE_FCNTL_FILE_POINTER and SQLITE_FCNTL_JOURNAL_POINTER of sqlite3.h."""

_Sync: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods` in version 3, which is as long as it gets."""

    _fields_ = (
        ("version", ctypes.c_int),
        *((name, ctypes.c_void_p) for name in ("close", "read", "write", "truncate")),
        ("sync", _Sync),
        *((f"further_{place}", ctypes.c_void_p) for place in range(13)),
    )


class _File(ctypes.Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


class Fsyncs:
    """How many there were in the files of a connection since it was given here."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.count = 0
        self._kept: list[Any] = []  # SQLite holds no reference that Python could see
        library = _library()
        # After what every object begins with, a connection holds the pointer to its database.
        database = ctypes.c_void_p.from_address(id(connection) + object.__basicsize__)
        for which in (DATABASE, LOG):
            found = ctypes.c_void_p()
            library.sqlite3_file_control(database, b"main", which, ctypes.byref(found))
            self._listen(ctypes.cast(found, ctypes.POINTER(_File)).contents)

    def _listen(self, file: Any) -> None:
        really = file.methods.contents.sync

        def sync(of: int, flags: int) -> int:
            self.count += 1
            done: int = really(of, flags)
            return done

        methods = _Methods.from_buffer_copy(file.methods.contents)
        methods.sync = counting = _Sync(sync)
        file.methods = ctypes.pointer(methods)
        self._kept += [methods, counting, really]


def _library() -> Any:
    try:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_file_control.argtypes = [
            *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
        ]
    except (AttributeError, OSError):
        pytest.skip("this Python hides its SQLite")
    return library
