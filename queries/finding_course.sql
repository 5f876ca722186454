-- What: in which batches of a model, from a day on, one rule found something on one subject, and its colour there.
-- Param: model_id STRING
-- Param: rule STRING
-- Param: subject STRING
-- Param: since DATE
SELECT f.model_version, f.batch_id, f.batch_date, f.colour
FROM findings AS f
WHERE f.model_id = @model_id AND f.batch_date >= @since AND f.rule = @rule AND f.subject = @subject
ORDER BY f.batch_date, f.model_version, f.batch_id
