-- What: the versions of some models as evaluation needs them.
-- Param: models ARRAY<STRING>
SELECT
  v.model_id, v.model_version, v.deployed_at, v.baselines, v.threshold, v.classes, v.segments, v.calibration, v.losses,
  v.derived
FROM versions AS v
WHERE v.model_id IN UNNEST(@models)
ORDER BY v.model_id, v.model_version
