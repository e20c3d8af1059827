"""How tests read a page."""


def text(answer) -> str:
    """The page's source with every run of white space, also the unbreakable kind, as one space."""
    return " ".join(answer.content.decode().split())
