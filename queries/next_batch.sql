-- What: the first day after a given one on which a model already has a batch.
-- Param: model_id STRING
-- Param: after DATE
SELECT MIN(b.batch_date) AS batch_date
FROM batches AS b
WHERE b.model_id = @model_id AND b.batch_date > @after
ORDER BY batch_date
