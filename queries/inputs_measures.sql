-- What: one row a batch and variable of some days: PSI, what chance gives, the shown colour, missing, unseen.
-- Param: model_id STRING
-- Param: since DATE
-- Param: until DATE
SELECT
  m.model_version, m.batch_id, m.subject AS variable,
  MAX(CASE WHEN m.metric = 'psi' THEN m.value END) AS psi,
  MAX(CASE WHEN m.metric = 'psi_noise' THEN m.value END) AS noise,
  MAX(CASE WHEN m.metric = 'drift' THEN m.value END) AS drift,
  MAX(CASE WHEN m.metric = 'missing_share' THEN m.value END) AS missing_share,
  MAX(CASE WHEN m.metric = 'unseen_share' THEN m.value END) AS unseen_share
FROM measures AS m
WHERE m.model_id = @model_id AND m.batch_date BETWEEN @since AND @until
  AND m.metric IN ('psi', 'psi_noise', 'drift', 'missing_share', 'unseen_share')
GROUP BY m.model_version, m.batch_id, m.subject
ORDER BY m.model_version, m.batch_id, m.subject
