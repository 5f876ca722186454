-- What: the first day from a given one on for which some models already have a batch.
-- Param: models ARRAY<STRING>
-- Param: since DATE
SELECT b.model_id, MIN(b.batch_date) AS batch_date
FROM batches AS b
WHERE b.model_id IN UNNEST(@models) AND b.batch_date >= @since
GROUP BY b.model_id
ORDER BY b.model_id
