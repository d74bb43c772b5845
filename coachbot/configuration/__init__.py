"""Reading settings: environment.py plain ones, service_urls.py those that are URLs."""
