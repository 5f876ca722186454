-- What: the colour of every batch of every model from a day on, by model, the newest of a day last.
-- Param: since DATE
SELECT h.model_id, h.batch_date, h.colour
FROM health AS h
WHERE h.batch_date >= @since
ORDER BY h.model_id, h.batch_date, h.version_order, h.model_version, h.batch_id
