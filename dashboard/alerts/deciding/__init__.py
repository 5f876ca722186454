"""What has changed for whom since they were told last, and which messages that makes."""
