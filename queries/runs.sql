-- What: the newest 30 complete runs of evaluation, newest first.
SELECT
  r.run_id, r.started_at, r.finished_at, r.as_of, r.models, r.evaluated, r.batches, r.bytes_processed, r.bytes_billed
FROM runs AS r
ORDER BY r.run_id DESC
LIMIT 30
