"""Imports put off: a module that others bring along is imported once something of it is asked for.

medspaCy imports QuickUMLS, that NLTK, and that all of SciPy, scikit-learn and pandas, which takes longer than all else
does; nothing of NLTK is used here.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a module, and imports it once something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        """Something of the module."""
        if sys.modules.get(self.__name__) is self:  # it still stands in its place
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def put_off(name: str) -> Iterator[None]:
    """Whoever imports the module here has it once something of it is asked for; everybody else imports it as ever.

    >>> with put_off("wave"):
    ...     import wave as later
    >>> import wave
    >>> type(later).__name__, type(wave).__name__, later.open is wave.open
    ('Later', 'module', True)
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = Later(name)
    try:
        yield
    finally:
        del sys.modules[name]
