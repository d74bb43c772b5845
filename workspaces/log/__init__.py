"""The log: record.py writes, queries.py reads, explain.py tells what an error means."""
