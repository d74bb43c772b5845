"""Promises of docs/guarantees.md, kept while things break. Run by `make test-faults`."""
