-- What: every measure of a model's performance: one row a version, cohort and metric.
-- Param: model_id STRING
SELECT m.model_version, m.batch_id, m.batch_date, m.metric, m.value, m.low, m.high, m.n
FROM measures AS m
WHERE m.model_id = @model_id AND m.subject = 'model'
ORDER BY m.model_version, m.batch_date, m.batch_id, m.metric
