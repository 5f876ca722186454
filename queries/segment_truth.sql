-- What: predictions of a version in a span of days met with the truth known on a day, counted by segment and score.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: batch_id STRING
-- Param: since DATE
-- Param: until DATE
-- Param: scored_since DATE
-- Param: known_before TIMESTAMP
-- An empty batch_id is every batch; scored_since is since, or earlier where a truth without a day may be about an
-- earlier prediction. The rules of late truth are those of cohort_truth, told again here: a query file is one
-- statement, and that one counts whole fleets by cohort while this one looks into a few days of one model.
WITH scored AS (
  SELECT
    p.model_version, p.batch_id, p.batch_date, p.entity_id, p.segment, p.score, p.prediction, p.probabilities,
    -- An array is no key: a row with probabilities stands alone, under its own.
    CASE WHEN ARRAY_LENGTH(p.probabilities) > 0 THEN p.batch_id END AS own_batch,
    CASE WHEN ARRAY_LENGTH(p.probabilities) > 0 THEN p.entity_id END AS own_entity
  FROM predictions AS p
  WHERE p.model_id = @model_id AND p.batch_date BETWEEN @scored_since AND @until
),
known AS (
  SELECT o.entity_id, o.batch_date, o.outcome, o.delivery_id
  FROM outcomes AS o
  WHERE o.model_id = @model_id AND o.batch_date BETWEEN @since AND @until
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
  UNION ALL
  SELECT o.entity_id, o.batch_date, o.outcome, o.delivery_id
  FROM outcomes AS o
  WHERE o.model_id = @model_id AND o.batch_date IS NULL
    AND (o.observed_at IS NULL OR o.observed_at < @known_before)
),
first_scored AS (
  -- A truth without a day is about the first prediction of its id, which may be older than the span.
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
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY d.entity_id, d.batch_date ORDER BY d.delivery_id DESC, d.undated, d.outcome
  ) = 1
)
SELECT
  s.segment, s.score, s.prediction, t.outcome,
  ANY_VALUE(s.probabilities) AS probabilities,
  COUNT(*) AS n
FROM scored AS s
LEFT JOIN truth AS t ON t.entity_id = s.entity_id AND t.batch_date = s.batch_date
WHERE s.model_version = @model_version AND s.batch_date >= @since AND (@batch_id = '' OR s.batch_id = @batch_id)
GROUP BY s.segment, s.score, s.prediction, t.outcome, s.own_batch, s.own_entity
ORDER BY s.segment, s.score, s.prediction, t.outcome, s.own_batch, s.own_entity
