"""Rate limits: windows, the counters behind them, the headers that tell of them."""
