"""Speed and memory, each against a named baseline measured in the same run.

`python -m benchmarks` prints one table. Nothing is asserted: figures belong to the machine they
were measured on, so compare within the table.
"""
