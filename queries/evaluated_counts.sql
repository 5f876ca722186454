-- What: the counts of every variable of the batches of some models in a span of days.
-- Param: models ARRAY<STRING>
-- Param: since DATE
-- Param: until DATE
SELECT
  v.model_id, v.model_version, v.batch_id, v.variable, v.counts, v.below, v.above, v.unseen, v.distinct_values, v.type
FROM batch_variables AS v
WHERE v.model_id IN UNNEST(@models) AND v.batch_date BETWEEN @since AND @until
ORDER BY v.model_id, v.model_version, v.batch_date, v.batch_id, v.variable
