-- What: the findings about a model's variables from a day on, newest batch last.
-- Param: model_id STRING
-- Param: since DATE
SELECT
  f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.weight, f.facts
FROM findings AS f
WHERE f.model_id = @model_id AND f.batch_date >= @since AND f.family IN ('drift', 'quality')
ORDER BY f.batch_date, f.model_version, f.batch_id, f.subject, f.rule
