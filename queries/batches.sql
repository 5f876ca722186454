-- What: the batches of a model, oldest first.
-- Param: model_id STRING
SELECT b.model_version, b.batch_id, b.batch_date, b.rows, b.duplicate_ids, b.run_url, b.delivered_at
FROM batches AS b
WHERE b.model_id = @model_id
ORDER BY b.batch_date, b.model_version, b.batch_id
