"""What a page shows, shaped from the tables' answers: plain values, no words and no pictures."""
