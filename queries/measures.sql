-- What: the stored measures of a model in a span of days, oldest batch first.
-- Param: model_id STRING
-- Param: since DATE
-- Param: until DATE
SELECT m.model_version, m.batch_id, m.batch_date, m.subject, m.metric, m.value, m.low, m.high, m.n
FROM measures AS m
WHERE m.model_id = @model_id AND m.batch_date BETWEEN @since AND @until
ORDER BY m.model_version, m.batch_date, m.batch_id, m.subject, m.metric
