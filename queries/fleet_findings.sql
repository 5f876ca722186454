-- What: the amber and red findings on input variables in the latest batch of every model.
WITH latest AS (
  SELECT h.model_id, h.model_version, h.batch_id
  FROM health AS h
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
  ) = 1
)
SELECT
  f.model_id, f.model_version, f.batch_id, f.batch_date, f.subject, f.rule, f.family, f.colour, f.since, f.weight, f.facts
FROM findings AS f
JOIN latest AS l
  ON l.model_id = f.model_id AND l.model_version = f.model_version AND l.batch_id = f.batch_id
LEFT JOIN versions AS v
  ON v.model_id = f.model_id AND v.model_version = f.model_version
WHERE f.colour IN ('amber', 'red') AND f.family IN ('drift', 'quality')
  AND f.subject NOT IN ('batch', COALESCE(v.score_variable, 'batch'))
ORDER BY f.subject, f.since, f.model_id, f.rule
