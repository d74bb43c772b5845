"""Events out: a workspace's systems are told what happens, by Standard Webhooks.

outbox.py writes what is told, in the transaction of what it tells of; delivery.py sends it from
the worker; endpoints.py says where to. https://www.standardwebhooks.com
"""
