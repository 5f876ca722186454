"""A message in words: subject, text, HTML, picture and JSON, in its reader's language."""
