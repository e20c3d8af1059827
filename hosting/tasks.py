"""What the clock and the queue call. Every body is one service call."""


def ring() -> bool:
    return False
