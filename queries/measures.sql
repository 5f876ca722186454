-- What: every stored measure of a model, oldest batch first.
-- Param: model_id STRING
SELECT m.model_version, m.batch_id, m.batch_date, m.subject, m.metric, m.value, m.low, m.high, m.n
FROM measures AS m
WHERE m.model_id = @model_id
ORDER BY m.model_version, m.batch_date, m.batch_id, m.subject, m.metric
