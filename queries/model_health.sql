-- What: the health of one model by batch, newest first, with the rows of each batch.
-- Param: model_id STRING
SELECT
  h.model_version, h.batch_id, h.batch_date, h.colour, h.drift, h.quality, h.performance, h.freshness, h.since,
  h.headline_en, h.headline_fr, h.as_of, b.rows, b.duplicate_ids, b.run_url
FROM health AS h
LEFT JOIN batches AS b
  ON b.model_id = h.model_id AND b.model_version = h.model_version AND b.batch_id = h.batch_id
WHERE h.model_id = @model_id
ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
