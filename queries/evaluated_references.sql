-- What: the frozen bins of every variable of some versions of some models, with the training counts.
-- Param: models ARRAY<STRING>
-- Param: versions ARRAY<STRING>
SELECT
  r.model_id, r.model_version, r.variable, r.kind, r.importance, r.edges, r.levels, r.tail, r.counts, r.noise,
  r.weekdays, r.type
FROM reference_variables AS r
WHERE r.model_id IN UNNEST(@models) AND r.model_version IN UNNEST(@versions)
ORDER BY r.model_id, r.model_version, r.position, r.variable
