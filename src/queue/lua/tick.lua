#!lua flags=allow-oom
-- The beat of a supervisor: it lives, its tasks live, due tasks can be claimed. At rest rest.lua stands in for it.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id, lease_ms, silent_ms (for how long it counts as alive without another beat), details (what it
--          says of itself, JSON, '' nothing; written when it has changed), then 2 a held task: task_id, fence
-- Returns  { now (ms, clock of Redis), next_due_at (earliest delayed task, -1 none), next_lease_end (-1 none),
--          queued (claimable tasks), { task_id whose lease is lost, … }, { task_id to be stopped, … },
--          unaudited (terminal states that Postgres does not have yet), 1 when it is to drain (drain.lua), else 0 }
-- Atomic   a lease is renewed only for the claim that is valid at this moment; a due task leaves `delayed` and
--          enters its queue in one step.
-- Cost     O(log n) for each held and each due task, at most 500 due ones; forgets at most 200 expired ones.
--- @include owned
--- @include enqueue
--- @include days
local DUE_AT_MOST = 500
local FORGOTTEN_AT_MOST = 200
-- A supervisor that has counted as lost for this long is forgotten; /health shows it until then.
local SUPERVISOR_KEPT_MS = 60000

local supervisor_id, lease_ms = ARGV[1], tonumber(ARGV[2])
redis.call('ZADD', base .. 'supervisors', now + tonumber(ARGV[3]), supervisor_id)
if ARGV[4] ~= '' and redis.call('HGET', base .. 'supervisor_details', supervisor_id) ~= ARGV[4] then
  redis.call('HSET', base .. 'supervisor_details', supervisor_id, ARGV[4])
end
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', base .. 'supervisors', '-inf', now - SUPERVISOR_KEPT_MS)) do
  redis.call('ZREM', base .. 'supervisors', silent)
  redis.call('HDEL', base .. 'supervisor_details', silent)
  redis.call('SREM', base .. 'draining', silent)
end

local lost, stops = {}, {}
for i = 5, #ARGV, 2 do
  local task = owned_task(ARGV[i], supervisor_id, ARGV[i + 1])
  if task then
    -- Also of one that is to be stopped: it is ours until its thread has left it.
    redis.call('ZADD', base .. 'running', now + lease_ms, ARGV[i])
    if task.stop_requested_at then
      stops[#stops + 1] = ARGV[i]
    end
  else
    lost[#lost + 1] = ARGV[i]
  end
end

local due = redis.call('ZRANGEBYSCORE', base .. 'delayed', '-inf', now, 'LIMIT', 0, DUE_AT_MOST)
for _, id in ipairs(due) do
  redis.call('ZREM', base .. 'delayed', id)
  local f = redis.call('HMGET', task_key(id), 'priority', 'sequence')
  if f[2] then
    enqueue(id, f[1] or '1', f[2])
  else
    redis.call('ZREM', base .. 'index:waiting', id) -- its hash was deleted by hand
  end
end
if #due > 0 then
  ring(#due)
end

forget_expired(FORGOTTEN_AT_MOST)

local function first_score(key)
  local first = redis.call('ZRANGE', base .. key, 0, 0, 'WITHSCORES')
  return tonumber(first[2]) or -1
end
local queued = redis.call('EXISTS', unpack(queue_keys())) == 0 and 0 or queued_count()
return { now, first_score('delayed'), first_score('running'), queued, lost, stops,
  redis.call('LLEN', base .. 'audit'), redis.call('SISMEMBER', base .. 'draining', supervisor_id) }
