-- What: the days on which each entity of a model was scored, from a first to a last one.
-- Param: model_id STRING
-- Param: since DATE
-- Param: until DATE
SELECT DISTINCT p.entity_id, p.batch_date
FROM predictions AS p
WHERE p.model_id = @model_id AND p.batch_date BETWEEN @since AND @until
ORDER BY p.entity_id, p.batch_date
