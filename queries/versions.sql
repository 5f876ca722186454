-- What: the versions of one model, newest first, with their batches counted.
-- Param: model_id STRING
WITH scored AS (
  SELECT
    b.model_version, COUNT(*) AS batches, MIN(b.batch_date) AS first_batch_date, MAX(b.batch_date) AS last_batch_date
  FROM batches AS b
  WHERE b.model_id = @model_id
  GROUP BY b.model_version
), referred AS (
  SELECT r.model_version, COUNT(*) AS variables
  FROM reference_variables AS r
  WHERE r.model_id = @model_id
  GROUP BY r.model_version
)
SELECT
  v.model_version, v.trained_at, v.deployed_at, v.rows, v.framework, v.score_variable, v.baselines,
  COALESCE(r.variables, 0) AS variables, COALESCE(s.batches, 0) AS batches, s.first_batch_date, s.last_batch_date
FROM versions AS v
LEFT JOIN scored AS s ON s.model_version = v.model_version
LEFT JOIN referred AS r ON r.model_version = v.model_version
WHERE v.model_id = @model_id
ORDER BY s.last_batch_date DESC, v.deployed_at DESC, v.trained_at DESC, v.model_version DESC
