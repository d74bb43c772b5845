"""Log lines, masking, metrics and probes."""
