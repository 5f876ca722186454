-- What: every variable of one batch as scoring counted it: rows by bin, and where its values lie.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: batch_id STRING
-- Param: batch_date DATE
SELECT v.variable, v.counts, v.mean, v.low, v.high, v.quantiles
FROM batch_variables AS v
WHERE v.model_id = @model_id AND v.batch_date = @batch_date
  AND v.model_version = @model_version AND v.batch_id = @batch_id
ORDER BY v.variable
