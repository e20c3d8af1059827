"""What stands in the way of a goal that was missed, by the part of the benchmark; written after measuring."""

IN_THE_WAY: dict[str, str] = {
    "whole": "packing from records in Python, and some 70 exact evaluations a request in scattered rows",
    "request": "packing one need and its list in Python costs more than the kernel",
    "offer": "the bounds of one offer are asked of every request, one after the other",
    "place": "the lists are copied as a whole, and those that fall short are ranked again",
}
