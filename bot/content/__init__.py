"""Content: YAML files to the one frozen value the engine speaks from, with every problem located."""
