-- What: the findings of one batch of a model, and what one rule found from a day until then, without its facts.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: batch_id STRING
-- Param: batch_date DATE
-- Param: rule STRING
-- Param: since DATE
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.weight, f.facts
FROM findings AS f
WHERE f.model_id = @model_id AND f.batch_date = @batch_date
  AND f.model_version = @model_version AND f.batch_id = @batch_id
UNION ALL
SELECT
  p.model_id, p.model_version, p.batch_id, p.batch_date, p.subject, p.rule, p.family, p.colour, p.since, p.weight,
  NULL AS facts
FROM findings AS p
WHERE p.model_id = @model_id AND p.batch_date BETWEEN @since AND @batch_date AND p.rule = @rule
  AND NOT (p.model_version = @model_version AND p.batch_id = @batch_id)
ORDER BY batch_date, model_version, batch_id, family, subject, rule
