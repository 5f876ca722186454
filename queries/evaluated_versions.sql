-- What: the versions of some models as evaluation needs them; one whose gate is not passed has another's baselines.
-- Param: models ARRAY<STRING>
SELECT
  v.model_id, v.model_version, v.deployed_at,
  CASE WHEN g.state IN ('open', 'failed') THEN a.baselines ELSE v.baselines END AS baselines,
  CASE WHEN g.state IN ('open', 'failed') THEN g.against END AS baselines_of,
  v.threshold, v.classes, v.segments, v.calibration, v.losses, v.derived
FROM versions AS v
LEFT JOIN gates AS g ON g.model_id = v.model_id AND g.model_version = v.model_version
LEFT JOIN versions AS a ON a.model_id = g.model_id AND a.model_version = g.against
WHERE v.model_id IN UNNEST(@models)
ORDER BY v.model_id, v.model_version
