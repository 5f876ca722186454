-- What: the rows of a model's batches that a guard held back, from a day on: why, and how many; newest first.
-- Param: model_id STRING
-- Param: since DATE
SELECT
  h.model_version, h.batch_id, h.batch_date, h.variable, h.reason, h.level, h.rows, h.held_rows, h.all_rows
FROM held AS h
WHERE h.model_id = @model_id AND h.batch_date >= @since
ORDER BY
  h.batch_date DESC, h.model_version DESC, h.batch_id DESC, h.rows DESC, h.variable, h.reason, h.level
