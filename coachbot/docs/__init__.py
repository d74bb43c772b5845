"""The documentation at /docs: Markdown in templates/docs, shown as pages and as plain text."""
