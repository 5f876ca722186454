-- What: the days on which batches of these names were evaluated, of some models.
-- Param: models ARRAY<STRING>
-- Param: batches ARRAY<STRING>
SELECT h.model_id, h.model_version, h.batch_id, h.batch_date
FROM health AS h
WHERE h.model_id IN UNNEST(@models) AND h.batch_id IN UNNEST(@batches)
ORDER BY h.model_id, h.model_version, h.batch_id
