-- What: the batches of a model up to a day, oldest first.
-- Param: model_id STRING
-- Param: until DATE
SELECT b.model_version, b.batch_id, b.batch_date, b.rows, b.duplicate_ids, b.bins
FROM batches AS b
WHERE b.model_id = @model_id AND b.batch_date <= @until
ORDER BY b.model_version, b.batch_date, b.batch_id
