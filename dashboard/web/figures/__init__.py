"""Pictures as plain dictionaries: one figure a file, values rounded to what a reader sees."""
