-- What: the first moment from a given one on at which a truth about some days, or about none, became known, by model.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
-- Param: known_from TIMESTAMP
WITH known AS (
  SELECT o.model_id, o.observed_at
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date BETWEEN @since AND @until AND o.observed_at >= @known_from
  UNION ALL
  SELECT o.model_id, o.observed_at
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date IS NULL AND o.observed_at >= @known_from
)
SELECT k.model_id, MIN(k.observed_at) AS observed_at
FROM known AS k
GROUP BY k.model_id
ORDER BY k.model_id
