-- What: one row a model: its newest health, and how much was delivered, which says why there is none.
WITH newest AS (
  SELECT
    h.model_id, h.model_version, h.batch_id, h.batch_date, h.colour, h.headline_en, h.headline_fr,
    h.drift, h.quality, h.performance, h.freshness
  FROM health AS h
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.model_version DESC, h.batch_id DESC
  ) = 1
),
trained AS (
  SELECT v.model_id, COUNT(*) AS versions FROM versions AS v GROUP BY v.model_id
),
scored AS (
  SELECT b.model_id, COUNT(*) AS batches FROM batches AS b GROUP BY b.model_id
)
SELECT
  m.model_id, n.model_version, n.batch_id, n.batch_date, n.colour, n.headline_en, n.headline_fr,
  n.drift, n.quality, n.performance, n.freshness,
  COALESCE(t.versions, 0) AS versions, COALESCE(s.batches, 0) AS batches
FROM models AS m
LEFT JOIN newest AS n ON n.model_id = m.model_id
LEFT JOIN trained AS t ON t.model_id = m.model_id
LEFT JOIN scored AS s ON s.model_id = m.model_id
ORDER BY m.model_id
