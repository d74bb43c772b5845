"""Measurements of speed. Not part of the product and not of the test suite."""
