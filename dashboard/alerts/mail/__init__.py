"""Mails: their headers and addresses, and the line to the mail server."""
