-- What: the variables of every version of a model as training froze them: bins, training rows in them, summaries.
-- Param: model_id STRING
SELECT
  r.model_version, r.variable, r.kind, r.importance, r.edges, r.levels, r.counts, r.low, r.high, r.mean, r.sd,
  r.distinct_values, r.noise, r.weekdays, r.type
FROM reference_variables AS r
WHERE r.model_id = @model_id
ORDER BY r.model_version, r.position, r.variable
