-- What: what training knew of some variables of some versions of some models: levels, range, and how it was counted.
-- Param: models ARRAY<STRING>
-- Param: versions ARRAY<STRING>
-- Param: variables ARRAY<STRING>
SELECT
  r.model_id, r.model_version, r.variable, r.kind, r.edges, r.levels, r.tail, r.low, r.high, r.counts, r.type,
  v.score_variable
FROM reference_variables AS r
LEFT JOIN versions AS v ON v.model_id = r.model_id AND v.model_version = r.model_version
WHERE r.model_id IN UNNEST(@models) AND r.model_version IN UNNEST(@versions) AND r.variable IN UNNEST(@variables)
ORDER BY r.model_id, r.model_version, r.position, r.variable
