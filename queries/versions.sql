-- What: the versions of a model with what they were held to at training.
-- Param: model_id STRING
SELECT
  v.model_version, v.trained_at, v.deployed_at, v.rows, v.framework, v.score_variable, v.threshold,
  v.baselines
FROM versions AS v
WHERE v.model_id = @model_id
ORDER BY v.model_version
