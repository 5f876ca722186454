-- What: what earlier evaluations made of the cohorts of some models that begin in a span of days.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
SELECT c.model_id, c.model_version, c.batch_id, c.batch_date, c.last_day, c.predicted, c.known, c.verdict
FROM cohorts AS c
WHERE c.model_id IN UNNEST(@models) AND c.batch_date BETWEEN @since AND @until
ORDER BY c.model_id, c.model_version, c.batch_date, c.batch_id
