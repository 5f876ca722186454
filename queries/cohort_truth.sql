-- What: predictions met with their truth, counted by cohort, prediction and truth; the truth known on a given day.
-- Param: model_id STRING
-- Param: task STRING
-- Param: cohort STRING
-- Param: until DATE
-- Param: known_before TIMESTAMP
WITH scored AS (
  SELECT
    p.model_version,
    CASE WHEN @cohort = 'batch' THEN p.batch_id ELSE '' END AS batch_id,
    CASE
      WHEN @cohort = 'month' THEN CAST(DATE_TRUNC(p.batch_date, MONTH) AS DATE)
      WHEN @cohort = 'week' THEN CAST(DATE_TRUNC(p.batch_date, ISOWEEK) AS DATE)
      ELSE p.batch_date
    END AS first_day,
    p.batch_date,
    p.entity_id,
    p.score,
    p.prediction
  FROM predictions AS p
  WHERE p.model_id = @model_id AND p.batch_date <= @until
),
known AS (
  SELECT o.entity_id, o.batch_date, o.outcome, o.delivery_id
  FROM outcomes AS o
  WHERE o.model_id = @model_id
    AND (o.batch_date IS NULL OR o.batch_date <= @until)
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
),
first_scored AS (
  -- A truth without a day came before any prediction of its id: it is about the first one.
  SELECT k.entity_id, MIN(s.batch_date) AS batch_date
  FROM known AS k
  INNER JOIN scored AS s ON s.entity_id = k.entity_id
  WHERE k.batch_date IS NULL
  GROUP BY k.entity_id
),
dated AS (
  SELECT
    k.entity_id, COALESCE(k.batch_date, f.batch_date) AS batch_date, k.outcome, k.delivery_id,
    CASE WHEN k.batch_date IS NULL THEN 1 ELSE 0 END AS undated
  FROM known AS k
  LEFT JOIN first_scored AS f ON f.entity_id = k.entity_id
),
truth AS (
  SELECT d.entity_id, d.batch_date, d.outcome
  FROM dated AS d
  WHERE d.batch_date IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY d.entity_id, d.batch_date ORDER BY d.delivery_id DESC, d.undated, d.outcome) = 1
),
met AS (
  SELECT
    s.model_version, s.batch_id, s.first_day,
    CASE WHEN @task = 'multiclass' THEN NULL ELSE s.score END AS score,
    CASE WHEN @task = 'multiclass' THEN s.prediction END AS prediction,
    t.outcome
  FROM scored AS s
  LEFT JOIN truth AS t ON t.entity_id = s.entity_id AND t.batch_date = s.batch_date
)
SELECT
  m.model_version, m.batch_id, m.first_day, m.score, m.prediction, m.outcome,
  COUNT(*) AS n
FROM met AS m
GROUP BY m.model_version, m.batch_id, m.first_day, m.score, m.prediction, m.outcome
ORDER BY m.model_version, m.first_day, m.batch_id, m.score, m.prediction, m.outcome
