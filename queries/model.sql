-- What: the registry entry of one model.
-- Param: model_id STRING
SELECT
  m.model_id, m.name, m.description, m.team, m.owner_email, m.task, m.cadence, m.cohort, m.outcome_window_days,
  m.links, m.policy, m.retrain, m.registered_at
FROM models AS m
WHERE m.model_id = @model_id
ORDER BY m.model_id
