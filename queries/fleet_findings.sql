-- What: the amber and red findings on input variables in the batches of the given days, and when each change began.
-- Param: days ARRAY<DATE>
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.onset,
  f.weight
FROM findings AS f
LEFT JOIN versions AS v
  ON v.model_id = f.model_id AND v.model_version = f.model_version
WHERE f.batch_date IN UNNEST(@days) AND f.colour IN ('amber', 'red') AND f.family IN ('drift', 'quality')
  AND f.subject NOT IN ('batch', COALESCE(v.score_variable, 'batch'))
ORDER BY f.subject, f.since, f.model_id, f.rule, f.model_version, f.batch_id
