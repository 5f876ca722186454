-- What: the models that have several versions, and how many.
SELECT v.model_id, COUNT(*) AS versions
FROM versions AS v
GROUP BY v.model_id
HAVING COUNT(*) > 1
ORDER BY v.model_id
