"""What members do with many leads at once: batch by batch, each safe to stop and to run twice."""
