-- What: one row a batch of some days: what was measured of one variable of a version.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: variable STRING
-- Param: since DATE
-- Param: until DATE
-- A share that is not stored is 0 and a drift that is not stored is calm, where the batch has rows of the variable.
WITH found AS (
  SELECT
    m.batch_id,
    MAX(CASE WHEN m.metric = 'psi' THEN m.value END) AS psi,
    MAX(CASE WHEN m.metric = 'psi' THEN m.low END) AS noise,
    MAX(CASE WHEN m.metric = 'psi' THEN m.high END) AS chance,
    MAX(CASE WHEN m.metric = 'psi' AND m.n > 0 THEN 0.0 END) AS calm,
    MAX(CASE WHEN m.metric = 'drift' THEN 1 END) AS drifting,
    MAX(CASE WHEN m.metric = 'drift' THEN m.value END) AS drift,
    MAX(CASE WHEN m.metric = 'missing_share' THEN m.value END) AS missing_share,
    MAX(CASE WHEN m.metric = 'unseen_share' THEN m.value END) AS unseen_share,
    MAX(CASE WHEN m.metric = 'out_of_range_share' THEN m.value END) AS out_of_range_share
  FROM measures AS m
  WHERE m.model_id = @model_id AND m.batch_date BETWEEN @since AND @until
    AND m.subject = @variable AND m.model_version = @model_version
    AND m.metric IN ('psi', 'drift', 'missing_share', 'unseen_share', 'out_of_range_share')
  GROUP BY m.batch_id
)
SELECT
  f.batch_id, f.psi, f.noise, f.chance,
  CASE WHEN f.drifting IS NULL THEN f.calm ELSE f.drift END AS drift,
  COALESCE(f.missing_share, f.calm) AS missing_share,
  COALESCE(f.unseen_share, f.calm) AS unseen_share,
  COALESCE(f.out_of_range_share, f.calm) AS out_of_range_share
FROM found AS f
ORDER BY f.batch_id
