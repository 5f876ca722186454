-- What: one row a batch of some days: what was measured of one variable of a version.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: variable STRING
-- Param: since DATE
-- Param: until DATE
SELECT
  m.batch_id,
  MAX(CASE WHEN m.metric = 'psi' THEN m.value END) AS psi,
  MAX(CASE WHEN m.metric = 'psi_debiased' THEN m.low END) AS psi_low,
  MAX(CASE WHEN m.metric = 'psi_debiased' THEN m.high END) AS psi_high,
  MAX(CASE WHEN m.metric = 'psi_noise' THEN m.value END) AS noise,
  MAX(CASE WHEN m.metric = 'psi_noise' THEN m.high END) AS chance,
  MAX(CASE WHEN m.metric = 'drift' THEN m.value END) AS drift,
  MAX(CASE WHEN m.metric = 'missing_share' THEN m.value END) AS missing_share,
  MAX(CASE WHEN m.metric = 'unseen_share' THEN m.value END) AS unseen_share,
  MAX(CASE WHEN m.metric = 'out_of_range_share' THEN m.value END) AS out_of_range_share
FROM measures AS m
WHERE m.model_id = @model_id AND m.batch_date BETWEEN @since AND @until
  AND m.subject = @variable AND m.model_version = @model_version
  AND m.metric IN (
    'psi', 'psi_debiased', 'psi_noise', 'drift', 'missing_share', 'unseen_share', 'out_of_range_share'
  )
GROUP BY m.batch_id
ORDER BY m.batch_id
