-- What: the runs of amber and red findings on input variables in batches from a day on, each as its last batch shows it.
-- Param: since DATE
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.onset,
  f.weight
FROM findings AS f
LEFT JOIN versions AS v
  ON v.model_id = f.model_id AND v.model_version = f.model_version
WHERE f.batch_date >= @since AND f.colour IN ('amber', 'red') AND f.family IN ('drift', 'quality')
  AND f.subject NOT IN ('batch', COALESCE(v.score_variable, 'batch'))
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY f.model_id, f.model_version, f.subject, f.rule, f.colour, f.since
  ORDER BY f.batch_date DESC, f.batch_id DESC
) = 1
ORDER BY f.subject, f.since, f.model_id, f.rule, f.model_version, f.batch_id, f.colour
