"""An app whose periodic tasks leave traces, for workers that run beside the tests."""
