"""Files on their way into a conversation: announced, uploaded, then shared with all who are in it."""

from dataclasses import dataclass


@dataclass(slots=True)
class File:
    """One file; `content` is None until it was uploaded. Nobody sees it before it is shared."""

    id: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None

    def json(self) -> dict[str, str]:
        """The file as messages carry it."""
        return {"id": self.id, "name": self.name, "title": self.title or self.name, "alt_txt": self.alt_text}
