-- What: the colours one rule gave the subjects of a model's batches from a day on.
-- Param: model_id STRING
-- Param: rule STRING
-- Param: since DATE
SELECT f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.colour
FROM findings AS f
WHERE f.model_id = @model_id AND f.rule = @rule AND f.batch_date >= @since
ORDER BY f.batch_date, f.model_version, f.batch_id, f.subject
