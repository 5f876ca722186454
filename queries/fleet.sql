-- What: one row a model: its registry entry, its latest health and its strip; those are empty before its evaluation.
SELECT
  m.model_id, m.name, m.description, m.team, m.owner_email, m.task, m.cadence, m.cohort, m.outcome_window_days, m.links,
  m.policy, m.registered_at, s.model_version, s.batch_id, s.batch_date, s.colour, s.drift, s.quality, s.performance,
  s.freshness, s.since, s.headline_en, s.headline_fr, s.as_of, s.delivered_at AS evaluated_at,
  TO_JSON_STRING(COALESCE(s.strip, [])) AS strip
FROM models AS m
LEFT JOIN standing AS s ON s.model_id = m.model_id
ORDER BY m.model_id
