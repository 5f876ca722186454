-- What: predictions met with their truth, reduced to counts and sums by cohort; the truth known on a given day.
-- Param: model_id STRING
-- Param: task STRING
-- Param: cohort STRING
-- Param: until DATE
-- Param: known_before TIMESTAMP
WITH truth AS (
  SELECT o.entity_id, o.batch_date, o.outcome
  FROM outcomes AS o
  WHERE o.model_id = @model_id
    AND (o.batch_date IS NULL OR o.batch_date <= @until)
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY o.entity_id, o.batch_date ORDER BY o.delivery_id DESC) = 1
),
scored AS (
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
undated AS (
  -- A truth without a day can only be about the id's only prediction.
  SELECT t.entity_id, t.outcome
  FROM truth AS t
  INNER JOIN scored AS s ON s.entity_id = t.entity_id
  WHERE t.batch_date IS NULL
  GROUP BY t.entity_id, t.outcome
  HAVING COUNT(DISTINCT s.batch_date) = 1
),
met AS (
  SELECT s.model_version, s.batch_id, s.first_day, s.score, s.prediction,
    COALESCE(t.outcome, u.outcome) AS outcome
  FROM scored AS s
  LEFT JOIN truth AS t ON t.entity_id = s.entity_id AND t.batch_date = s.batch_date
  LEFT JOIN undated AS u ON u.entity_id = s.entity_id
),
keyed AS (
  SELECT
    e.model_version, e.batch_id, e.first_day,
    -- Scores are rounded to a millionth: the error this puts on AUC is computable and far below its interval.
    CASE WHEN @task = 'binary' THEN ROUND(e.score, 6) END AS score,
    CASE WHEN @task = 'multiclass' THEN e.prediction END AS prediction,
    CASE WHEN @task = 'regression' THEN NULL ELSE e.outcome END AS outcome,
    CASE WHEN e.outcome IS NULL THEN 0 ELSE 1 END AS known,
    CASE WHEN @task = 'regression' THEN e.score - SAFE_CAST(e.outcome AS FLOAT64) END AS error
  FROM met AS e
)
SELECT
  k.model_version, k.batch_id, k.first_day, k.score, k.prediction, k.outcome,
  COUNT(*) AS n,
  SUM(k.known) AS known,
  COUNT(k.error) AS errors,
  SUM(k.error) AS error_sum,
  SUM(ABS(k.error)) AS error_abs_sum,
  SUM(k.error * k.error) AS error_square_sum,
  SUM(k.error * k.error * k.error * k.error) AS error_fourth_sum
FROM keyed AS k
GROUP BY k.model_version, k.batch_id, k.first_day, k.score, k.prediction, k.outcome
ORDER BY k.model_version, k.first_day, k.batch_id, k.score, k.prediction, k.outcome
