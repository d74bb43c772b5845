"""Connections, paging by key, text that a database can hold, prepared statements."""
