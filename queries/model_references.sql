-- What: the frozen bins of every variable of every version of a model, with the training counts.
-- Param: model_id STRING
SELECT r.model_version, r.variable, r.kind, r.importance, r.edges, r.levels, r.tail, r.counts
FROM reference_variables AS r
WHERE r.model_id = @model_id
ORDER BY r.model_version, r.position, r.variable
