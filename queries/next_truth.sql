-- What: the first moment from a given one on at which a truth that is already delivered became known.
-- Param: model_id STRING
-- Param: known_before TIMESTAMP
SELECT MIN(o.observed_at) AS observed_at
FROM outcomes AS o
WHERE o.model_id = @model_id AND o.observed_at >= @known_before
ORDER BY observed_at
