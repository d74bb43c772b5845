"""Forms of the sections of the settings, a module for each."""
