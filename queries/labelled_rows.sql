-- What: by model and day, rows that were scored in a span of days and whose truth is known.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
-- An entity counts once a day. A truth without a day counts once, on the day it became known or, where nobody says
-- that, came; and not where the entity has a truth with a day.
WITH scored AS (
  SELECT p.model_id, p.entity_id, p.batch_date
  FROM predictions AS p
  WHERE p.model_id IN UNNEST(@models) AND p.batch_date BETWEEN @since AND @until
  GROUP BY p.model_id, p.entity_id, p.batch_date
),
dated AS (
  SELECT o.model_id, o.entity_id, o.batch_date AS day, o.outcome
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date BETWEEN @since AND @until
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY o.model_id, o.entity_id, o.batch_date ORDER BY o.delivery_id DESC, o.outcome
  ) = 1
),
undated AS (
  SELECT o.model_id, o.entity_id, CAST(COALESCE(o.observed_at, o.delivered_at) AS DATE) AS day, o.outcome
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date IS NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY o.model_id, o.entity_id ORDER BY o.delivery_id DESC, o.outcome, o.observed_at
  ) = 1
),
labelled AS (
  SELECT d.model_id, d.day
  FROM dated AS d
  INNER JOIN scored AS s ON s.model_id = d.model_id AND s.entity_id = d.entity_id AND s.batch_date = d.day
  WHERE d.outcome IS NOT NULL
  UNION ALL
  SELECT u.model_id, u.day
  FROM undated AS u
  INNER JOIN (SELECT a.model_id, a.entity_id FROM scored AS a GROUP BY a.model_id, a.entity_id) AS e
    ON e.model_id = u.model_id AND e.entity_id = u.entity_id
  LEFT JOIN (SELECT b.model_id, b.entity_id FROM dated AS b GROUP BY b.model_id, b.entity_id) AS k
    ON k.model_id = u.model_id AND k.entity_id = u.entity_id
  WHERE u.outcome IS NOT NULL AND k.entity_id IS NULL AND u.day BETWEEN @since AND @until
)
SELECT l.model_id, l.day, COUNT(*) AS n
FROM labelled AS l
GROUP BY l.model_id, l.day
ORDER BY l.model_id, l.day
