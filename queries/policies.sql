-- What: the policies that hold for the whole fleet.
SELECT p.policy_id, p.policy, p.registered_at
FROM policies AS p
ORDER BY p.policy_id
