-- What: the versions of a model as evaluation needs them.
-- Param: model_id STRING
SELECT v.model_version, v.trained_at, v.deployed_at, v.baselines
FROM versions AS v
WHERE v.model_id = @model_id
ORDER BY v.model_version
