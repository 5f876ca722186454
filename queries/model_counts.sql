-- What: the counts of every variable of every batch of a model up to a day.
-- Param: model_id STRING
-- Param: until DATE
SELECT v.model_version, v.batch_id, v.variable, v.counts, v.below, v.above, v.unseen, v.distinct_values
FROM batch_variables AS v
WHERE v.model_id = @model_id AND v.batch_date <= @until
ORDER BY v.model_version, v.batch_date, v.batch_id, v.variable
