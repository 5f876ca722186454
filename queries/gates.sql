-- What: every version that was trained because another was red, and whether its own baselines count yet.
SELECT
  g.model_id, g.model_version, g.against, g.state, g.cohort, g.first_day, g.cohorts, g.metric, g.old, g.new,
  g.difference, g.low, g.high, g.margin, g.accepted_by, g.decided_at
FROM gates AS g
ORDER BY g.model_id, g.model_version
