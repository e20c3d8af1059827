"""What stands in the way of a goal that was missed, by the part of the benchmark; written after measuring."""

IN_THE_WAY: dict[str, str] = {}
