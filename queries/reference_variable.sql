-- What: one variable of a version as training froze it: its bins, the training rows in them, and its summary.
-- Param: model_id STRING
-- Param: model_version STRING
-- Param: variable STRING
SELECT
  r.variable, r.kind, r.importance, r.edges, r.levels, r.counts, r.low, r.high, r.mean, r.sd, r.distinct_values
FROM reference_variables AS r
WHERE r.model_id = @model_id AND r.model_version = @model_version AND r.variable = @variable
ORDER BY r.variable
