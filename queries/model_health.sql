-- What: the health of one model by batch from a day on, newest first.
-- Param: model_id STRING
-- Param: since DATE
SELECT
  h.model_version, h.batch_id, h.batch_date, h.colour, h.drift, h.quality, h.performance, h.freshness, h.since,
  h.headline_en, h.headline_fr
FROM health AS h
WHERE h.model_id = @model_id AND h.batch_date >= @since
ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
