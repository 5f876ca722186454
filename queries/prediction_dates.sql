-- What: the days on which each entity of a model was scored.
-- Param: model_id STRING
SELECT DISTINCT p.entity_id, p.batch_date
FROM predictions AS p
WHERE p.model_id = @model_id
ORDER BY p.entity_id, p.batch_date
