-- What: what earlier evaluations wrote for the batches of some models from a day on, and what each batch found.
-- Param: models ARRAY<STRING>
-- Param: since DATE
SELECT h.model_id, h.model_version, h.batch_id, h.batch_date, h.inputs, h.memory
FROM health AS h
WHERE h.model_id IN UNNEST(@models) AND h.batch_date >= @since
ORDER BY h.model_id, h.model_version, h.batch_date, h.batch_id
