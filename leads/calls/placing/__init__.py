"""Placing a call: written down as about to be sent, sent, and what came of it written.

A call is `dialing` until it is known whether the provider placed it. Who dials holds a lease
on it; when that has run out, reconcile may take it over. Vapi has no idempotency key, so an
unclear outcome is looked up there and never sent again.
"""
