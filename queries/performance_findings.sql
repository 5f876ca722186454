-- What: the findings about a model's performance, newest batch last.
-- Param: model_id STRING
SELECT f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.weight, f.facts
FROM findings AS f
WHERE f.model_id = @model_id AND f.family = 'performance'
ORDER BY f.batch_date, f.model_version, f.batch_id, f.rule
