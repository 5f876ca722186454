-- What: how every evaluated model stands: what was seen of its data, and until when that holds with no new data.
SELECT s.model_id, s.mark, s.as_of, s.valid_until, s.batch_date, s.colour, s.strip, s.delivered_at
FROM standing AS s
ORDER BY s.model_id
