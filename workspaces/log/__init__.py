"""The log: record.py and repeats.py write, queries.py reads, explain.py tells what errors mean."""
