-- What: the newest health row of every model: what it was computed from, and until when it holds with no new data.
SELECT h.model_id, h.inputs, h.as_of, h.valid_until
FROM health AS h
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY h.model_id ORDER BY h.batch_date DESC, h.version_order DESC, h.model_version DESC, h.batch_id DESC
) = 1
ORDER BY h.model_id
