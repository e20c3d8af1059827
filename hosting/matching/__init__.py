"""The pure engine: columns in, ranking out. It imports numpy and the standard library, and nothing else."""
