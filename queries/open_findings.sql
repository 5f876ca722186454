-- What: what is wrong in each model's latest batch, of the given days: amber and red findings, and why one is late.
-- Param: days ARRAY<DATE>
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.onset,
  f.weight, f.facts,
  f.family IN ('drift', 'quality') AND f.subject NOT IN ('batch', COALESCE(v.score_variable, 'batch')) AS of_input
FROM findings AS f
JOIN standing AS s
  ON s.model_id = f.model_id AND s.model_version = f.model_version AND s.batch_id = f.batch_id
LEFT JOIN versions AS v
  ON v.model_id = f.model_id AND v.model_version = f.model_version
WHERE f.batch_date IN UNNEST(@days)
  AND (f.colour IN ('amber', 'red') OR (f.colour = 'grey' AND f.family = 'freshness'))
ORDER BY f.model_id, f.subject, f.rule, f.since
