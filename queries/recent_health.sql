-- What: the colours of the last batches of every model, oldest first.
-- Param: batches INT64
WITH ranked AS (
  SELECT
    h.model_id, h.batch_date, h.colour,
    ROW_NUMBER() OVER (
      PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
    ) AS place
  FROM health AS h
)
SELECT r.model_id, r.batch_date, r.colour, r.place
FROM ranked AS r
WHERE r.place <= @batches
ORDER BY r.model_id, r.place DESC
