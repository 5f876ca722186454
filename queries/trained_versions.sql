-- What: when each version of some models was trained, and the day of its first batch, empty where it has none.
-- Param: models ARRAY<STRING>
SELECT v.model_id, v.model_version, v.trained_at, MIN(b.batch_date) AS first_day
FROM versions AS v
LEFT JOIN batches AS b ON b.model_id = v.model_id AND b.model_version = v.model_version
WHERE v.model_id IN UNNEST(@models)
GROUP BY v.model_id, v.model_version, v.trained_at
ORDER BY v.model_id, v.model_version
