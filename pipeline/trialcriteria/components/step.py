"""What every component is: a step from a text and what the steps before found in it to what it adds.

`read` is all that a run needs, so tokens are made only by the steps that look at tokens, where they do.
"""

from collections.abc import Callable, Sequence
from typing import Any

from spacy.tokens import Doc

Phase = Callable[[str, dict[str, Any]], None]


class Step:
    """A spaCy component over `read`; what it finds is left in `doc.user_data`."""

    def __call__(self, doc: Doc) -> Doc:
        self.read(doc.text, doc.user_data)
        return doc

    def read(self, text: str, data: dict[str, Any]) -> None:
        """Add to `data` what this step finds in `text`."""
        raise NotImplementedError

    @property
    def phases(self) -> Sequence[Phase]:
        """What `read` does, in parts that may each go through many texts before the next one begins."""
        return (self.read,)
