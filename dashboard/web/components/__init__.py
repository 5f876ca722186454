"""The parts that pages are made of, one a file."""
