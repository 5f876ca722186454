-- What: everything that people and jobs have written down about one model, oldest first.
-- Param: model_id STRING
SELECT
  e.event_id, e.happened_at, e.kind, e.model_id, e.model_version, e.batch_id, e.subject, e.author, e.facts
FROM events AS e
WHERE e.model_id = @model_id
ORDER BY e.happened_at, e.event_id
