-- What: the frozen bins of every variable of one version of a model, in the order of the training file.
-- Param: model_id STRING
-- Param: model_version STRING
SELECT
  r.variable, r.kind, r.edges, r.levels, r.tail, r.low, r.high, r.counts, r.type,
  v.score_variable, COALESCE(v.classes, []) AS classes, v.derived
FROM reference_variables AS r
LEFT JOIN versions AS v ON v.model_id = r.model_id AND v.model_version = r.model_version
WHERE r.model_id = @model_id AND r.model_version = @model_version
ORDER BY r.position, r.variable
