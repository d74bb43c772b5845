"""What every request passes: the error catalogue and envelope, middleware, parsers, paging."""
