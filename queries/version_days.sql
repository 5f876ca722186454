-- What: when the versions of some models were trained, went into use and were registered.
-- Param: models ARRAY<STRING>
SELECT v.model_id, v.model_version, v.trained_at, v.deployed_at, v.delivered_at
FROM versions AS v
WHERE v.model_id IN UNNEST(@models)
ORDER BY v.model_id, v.model_version
