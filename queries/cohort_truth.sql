-- What: predictions of a span of days met with the truth known on a day, counted by cohort, prediction and truth.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
-- Param: known_before TIMESTAMP
WITH scored AS (
  SELECT
    p.model_id,
    p.model_version,
    CASE WHEN m.cohort = 'batch' THEN p.batch_id ELSE '' END AS batch_id,
    CASE
      WHEN m.cohort = 'month' THEN CAST(DATE_TRUNC(p.batch_date, MONTH) AS DATE)
      WHEN m.cohort = 'week' THEN CAST(DATE_TRUNC(p.batch_date, ISOWEEK) AS DATE)
      ELSE p.batch_date
    END AS first_day,
    p.batch_date,
    p.entity_id,
    CASE WHEN m.task = 'multiclass' THEN NULL ELSE p.score END AS score,
    CASE WHEN m.task = 'multiclass' THEN p.prediction END AS prediction,
    -- An array is no key: a row with probabilities stands alone, under its own.
    CASE WHEN m.task = 'multiclass' AND ARRAY_LENGTH(p.probabilities) > 0 THEN p.batch_id END AS own_batch,
    CASE WHEN m.task = 'multiclass' AND ARRAY_LENGTH(p.probabilities) > 0 THEN p.entity_id END AS own_entity,
    CASE WHEN m.task = 'multiclass' THEN p.probabilities ELSE ARRAY<FLOAT64>[] END AS probabilities
  FROM predictions AS p
  INNER JOIN models AS m ON m.model_id = p.model_id
  WHERE p.model_id IN UNNEST(@models) AND p.batch_date BETWEEN @since AND @until
),
known AS (
  SELECT o.model_id, o.entity_id, o.batch_date, o.outcome, o.delivery_id
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date BETWEEN @since AND @until
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
  UNION ALL
  SELECT o.model_id, o.entity_id, o.batch_date, o.outcome, o.delivery_id
  FROM outcomes AS o
  WHERE o.model_id IN UNNEST(@models) AND o.batch_date IS NULL
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
),
first_scored AS (
  -- A truth without a day came before any prediction of its id: it is about the first one.
  SELECT k.model_id, k.entity_id, MIN(s.batch_date) AS batch_date
  FROM known AS k
  INNER JOIN scored AS s ON s.model_id = k.model_id AND s.entity_id = k.entity_id
  WHERE k.batch_date IS NULL
  GROUP BY k.model_id, k.entity_id
),
dated AS (
  SELECT
    k.model_id, k.entity_id, COALESCE(k.batch_date, f.batch_date) AS batch_date, k.outcome, k.delivery_id,
    CASE WHEN k.batch_date IS NULL THEN 1 ELSE 0 END AS undated
  FROM known AS k
  LEFT JOIN first_scored AS f ON f.model_id = k.model_id AND f.entity_id = k.entity_id
),
truth AS (
  SELECT d.model_id, d.entity_id, d.batch_date, d.outcome
  FROM dated AS d
  WHERE d.batch_date IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY d.model_id, d.entity_id, d.batch_date ORDER BY d.delivery_id DESC, d.undated, d.outcome
  ) = 1
)
SELECT
  s.model_id, s.model_version, s.batch_id, s.first_day, s.score, s.prediction, t.outcome,
  ANY_VALUE(s.probabilities) AS probabilities,
  COUNT(*) AS n
FROM scored AS s
LEFT JOIN truth AS t ON t.model_id = s.model_id AND t.entity_id = s.entity_id AND t.batch_date = s.batch_date
GROUP BY
  s.model_id, s.model_version, s.batch_id, s.first_day, s.score, s.prediction, t.outcome, s.own_batch, s.own_entity
ORDER BY
  s.model_id, s.model_version, s.first_day, s.batch_id, s.score, s.prediction, t.outcome, s.own_batch, s.own_entity
