-- What: what people and jobs have written down since a moment, about any model, oldest first.
-- Param: since TIMESTAMP
SELECT
  e.event_id, e.happened_at, e.kind, e.model_id, e.model_version, e.batch_id, e.subject, e.author, e.facts
FROM events AS e
WHERE e.happened_at >= @since
ORDER BY e.happened_at, e.event_id
