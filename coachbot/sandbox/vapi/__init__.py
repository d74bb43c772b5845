"""Vapi: takes calls, lists them, and plays those that it took to whoever listens.

Facts about Vapi are written down in the project's Vapi fact sheet; the section numbers in the
comments here are its sections.
"""
