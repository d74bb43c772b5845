"""Work that is due: the engine that wakes workers, periodic tasks, and the worker's heartbeat."""
