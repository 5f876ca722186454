-- What: by model, entities with a truth about no day, and how many of them were scored in a span of days.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
WITH undated AS (
  SELECT o.model_id, o.entity_id
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date IS NULL
  GROUP BY o.model_id, o.entity_id
),
scored AS (
  SELECT p.model_id, p.entity_id
  FROM predictions AS p
  WHERE p.model_id IN UNNEST(@models) AND p.batch_date BETWEEN @since AND @until
  GROUP BY p.model_id, p.entity_id
)
SELECT u.model_id, COUNT(*) AS undated, COUNT(s.entity_id) AS met
FROM undated AS u
LEFT JOIN scored AS s ON s.model_id = u.model_id AND s.entity_id = u.entity_id
GROUP BY u.model_id
ORDER BY u.model_id
