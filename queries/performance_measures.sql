-- What: the measures of a model's performance in the cohorts that begin on the given days.
-- Param: model_id STRING
-- Param: days ARRAY<DATE>
SELECT m.model_version, m.batch_id, m.batch_date, m.metric, m.value, m.low, m.high, m.n
FROM measures AS m
WHERE m.model_id = @model_id AND m.batch_date IN UNNEST(@days) AND m.subject = 'model'
ORDER BY m.model_version, m.batch_date, m.batch_id, m.metric
