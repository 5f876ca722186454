-- What: the newest complete run of evaluation.
SELECT r.run_id, r.started_at, r.mark
FROM runs AS r
ORDER BY r.run_id DESC
LIMIT 1
