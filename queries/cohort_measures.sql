-- What: the stored measures of a model's cohorts of several batches.
-- Param: model_id STRING
SELECT m.model_version, m.batch_id, m.batch_date, m.subject, m.metric, m.value, m.low, m.high, m.n
FROM measures AS m
WHERE m.model_id = @model_id AND (STARTS_WITH(m.batch_id, 'month:') OR STARTS_WITH(m.batch_id, 'week:'))
ORDER BY m.model_version, m.batch_id, m.subject, m.metric
