-- What: one row a batch and variable of some days: PSI, what chance gives, the shown colour, missing, unseen, out of range.
-- Param: model_id STRING
-- Param: since DATE
-- Param: until DATE
-- A share that is not stored is 0 and a drift that is not stored is calm, where the batch has rows of the variable.
WITH found AS (
  SELECT
    m.model_version, m.batch_id, m.subject AS variable,
    MAX(CASE WHEN m.metric = 'psi' THEN m.value END) AS psi,
    MAX(CASE WHEN m.metric = 'psi' THEN m.low END) AS noise,
    MAX(CASE WHEN m.metric = 'psi' AND m.n > 0 THEN 0.0 END) AS calm,
    MAX(CASE WHEN m.metric = 'drift' THEN 1 END) AS drifting,
    MAX(CASE WHEN m.metric = 'drift' THEN m.value END) AS drift,
    MAX(CASE WHEN m.metric = 'missing_share' THEN m.value END) AS missing_share,
    MAX(CASE WHEN m.metric = 'unseen_share' THEN m.value END) AS unseen_share,
    MAX(CASE WHEN m.metric = 'out_of_range_share' THEN m.value END) AS out_of_range_share
  FROM measures AS m
  WHERE m.model_id = @model_id AND m.batch_date BETWEEN @since AND @until
    AND m.metric IN ('psi', 'drift', 'missing_share', 'unseen_share', 'out_of_range_share')
  GROUP BY m.model_version, m.batch_id, m.subject
)
SELECT
  f.model_version, f.batch_id, f.variable, f.psi, f.noise,
  CASE WHEN f.drifting IS NULL THEN f.calm ELSE f.drift END AS drift,
  COALESCE(f.missing_share, f.calm) AS missing_share,
  COALESCE(f.unseen_share, f.calm) AS unseen_share,
  COALESCE(f.out_of_range_share, f.calm) AS out_of_range_share
FROM found AS f
ORDER BY f.model_version, f.batch_id, f.variable
