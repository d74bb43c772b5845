"""The figures of the overview: of the leads that came in on some days, what became of them."""
