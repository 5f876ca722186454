-- What: the versions of a model with what they were held to at training, are held to, and how the gate stands.
-- Param: model_id STRING
SELECT
  v.model_version, v.trained_at, v.deployed_at, v.rows, v.framework, v.score_variable, v.threshold,
  v.baselines, CASE WHEN g.state IN ('open', 'failed') THEN a.baselines ELSE v.baselines END AS held_to,
  g.against, g.state, g.cohort, g.first_day, g.cohorts, g.metric, g.old, g.new, g.difference, g.low, g.high, g.margin,
  g.accepted_by, g.decided_at
FROM versions AS v
LEFT JOIN gates AS g ON g.model_id = v.model_id AND g.model_version = v.model_version
LEFT JOIN versions AS a ON a.model_id = g.model_id AND a.model_version = g.against
WHERE v.model_id = @model_id
ORDER BY v.model_version
