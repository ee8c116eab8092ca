-- How much work there is, for /health.
--
-- KEYS[1]  key base
-- Returns  { high, normal, low, running, delayed, pending, oldest_pending_ms (-1 none), supervisors alive, now,
--          blocked (waiting for tasks of their execution), unaudited (terminal states that Postgres does not have yet), oldest_unaudited_ms (-1 none),
--          refused (terminal states that Postgres can't hold, set aside for a person) }
-- Atomic   one moment: a task that moves is counted once.
-- Cost     O(log n).
--- @include audit
--- @include queue
local oldest = false
local function look_at(id)
  local created_at = id and tonumber(redis.call('HGET', task_key(id), 'created_at'))
  if created_at and not (oldest and oldest <= created_at) then
    oldest = created_at
  end
end
for priority = 0, 2 do
  look_at(first_queued(priority))
end
look_at(redis.call('ZRANGE', base .. 'index:waiting', 0, 0)[1])

local high, normal, low = queue_length(0), queue_length(1), queue_length(2)
local unaudited = read_entry(redis.call('LINDEX', base .. 'audit', 0) or '')
return {
  high,
  normal,
  low,
  redis.call('ZCARD', base .. 'running'),
  redis.call('ZCARD', base .. 'delayed'),
  high + normal + low + redis.call('ZCARD', base .. 'index:waiting'),
  oldest and now - oldest or -1,
  redis.call('ZCOUNT', base .. 'supervisors', now, '+inf'),
  now,
  tonumber(redis.call('GET', base .. 'blocked') or 0),
  redis.call('LLEN', base .. 'audit'),
  unaudited.at and now - unaudited.at or -1,
  redis.call('LLEN', base .. 'audit_refused'),
}
