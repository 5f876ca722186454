-- What: the findings of one batch of a model.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: batch_id STRING
-- Param: batch_date DATE
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.weight, f.facts
FROM findings AS f
WHERE f.model_id = @model_id AND f.batch_date = @batch_date
  AND f.model_version = @model_version AND f.batch_id = @batch_id
ORDER BY f.family, f.subject, f.rule
