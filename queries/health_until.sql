-- What: the newest batch of every model up to a day, and its colours.
-- Param: until DATE
SELECT
  h.model_id, h.batch_date, h.colour, h.drift, h.quality, h.freshness, h.since, h.headline_en, h.headline_fr
FROM health AS h
WHERE h.batch_date <= @until
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
) = 1
ORDER BY h.model_id
