-- What: every health row of a model by batch, with what it was computed from.
-- Param: model_id STRING
SELECT h.model_version, h.batch_id, h.colour, h.inputs
FROM health AS h
WHERE h.model_id = @model_id
ORDER BY h.model_version, h.batch_id
