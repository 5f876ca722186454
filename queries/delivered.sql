-- What: how many versions and batches were delivered of every registered model, and the day of its first batch.
WITH trained AS (
  SELECT v.model_id, COUNT(*) AS versions FROM versions AS v GROUP BY v.model_id
),
scored AS (
  SELECT b.model_id, COUNT(*) AS batches, MIN(b.batch_date) AS first_batch_date FROM batches AS b GROUP BY b.model_id
)
SELECT
  m.model_id, COALESCE(t.versions, 0) AS versions, COALESCE(s.batches, 0) AS batches, s.first_batch_date
FROM models AS m
LEFT JOIN trained AS t ON t.model_id = m.model_id
LEFT JOIN scored AS s ON s.model_id = m.model_id
ORDER BY m.model_id
