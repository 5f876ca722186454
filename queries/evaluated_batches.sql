-- What: the batches of some models in a span of days, oldest first.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
SELECT b.model_id, b.model_version, b.batch_id, b.batch_date, b.rows, b.duplicate_ids, b.bins
FROM batches AS b
WHERE b.model_id IN UNNEST(@models) AND b.batch_date BETWEEN @since AND @until
ORDER BY b.model_id, b.model_version, b.batch_date, b.batch_id
