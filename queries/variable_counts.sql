-- What: one row a batch: the rows of one variable by bin, unseen levels, and the batch's own summary of it.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: variable STRING
SELECT
  v.batch_id, v.batch_date, v.counts, v.below, v.above, v.unseen, v.mean, v.sd, v.low, v.high, v.quantiles,
  v.distinct_values
FROM batch_variables AS v
WHERE v.model_id = @model_id AND v.model_version = @model_version AND v.variable = @variable
ORDER BY v.batch_date, v.batch_id
