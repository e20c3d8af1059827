"""The named baseline "brute-force numpy of the full spec": every gate, price and score of every offer, for
one request at a time, as whole columns and without any bound that skips work.

It is how the engine computed before its kernel, kept as it was and apart from it. It shares the records that
both are given (hosting.matching.records) and nothing else, so that a change of the engine can't change what
it is measured against. tests/house/test_bench_brute.py holds it equal to the oracle.
"""
