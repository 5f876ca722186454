-- What: one row a model: its registry entry and its latest health; the health is empty before its first evaluation.
WITH latest AS (
  SELECT
    h.model_id, h.model_version, h.batch_id, h.batch_date, h.colour, h.drift, h.quality, h.performance, h.freshness,
    h.since, h.headline_en, h.headline_fr, h.as_of, h.delivered_at
  FROM health AS h
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
  ) = 1
)
SELECT
  m.model_id, m.name, m.description, m.team, m.owner_email, m.task, m.cadence, m.cohort, m.outcome_window_days, m.links,
  m.registered_at, l.model_version, l.batch_id, l.batch_date, l.colour, l.drift, l.quality, l.performance, l.freshness,
  l.since, l.headline_en, l.headline_fr, l.as_of, l.delivered_at AS evaluated_at
FROM models AS m
LEFT JOIN latest AS l ON l.model_id = m.model_id
ORDER BY m.model_id
