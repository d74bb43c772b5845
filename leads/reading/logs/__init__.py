"""The log as people read it: found by whom it is about, and the rows of one request together."""
