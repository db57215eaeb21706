"""What a mention is: one condition, treatment, procedure, biomarker or state, where it stands in its criterion."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Said:
    """One mention, in text positions of its criterion."""

    start: int
    end: int
    label: str
    concept: str | None
    rule: str
    core: tuple[int, int] = (0, 0)  # the words that name it, which cues govern; without "previous", "known" …
    narrowed: list[int] = field(default_factory=list)
    condition: tuple[int, int] | None = None
    condition_id: str | None = None
    exception_to: int | None = None
    group: str | None = None
