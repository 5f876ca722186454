-- What: one row a batch of some days: one variable's rows by bin, unseen levels, and the batch's summary of it.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: variable STRING
-- Param: since DATE
-- Param: until DATE
SELECT
  v.batch_id, v.batch_date, v.counts, v.below, v.above, v.unseen, v.mean, v.sd, v.low, v.high, v.quantiles,
  v.distinct_values
FROM batch_variables AS v
WHERE v.model_id = @model_id AND v.batch_date BETWEEN @since AND @until
  AND v.variable = @variable AND v.model_version = @model_version
ORDER BY v.batch_date, v.batch_id
