-- How much work there is, for /health.
--
-- KEYS[1]  key base
-- ARGV     alive_ms: a supervisor is alive when its heartbeat is not older
-- Returns  { high, normal, low, running, delayed, pending, oldest_pending_ms (-1 none), supervisors alive, now,
--          blocked (waiting for tasks of their execution), unaudited (terminal states that Postgres does not have yet), oldest_unaudited_ms (-1 none) }
-- Atomic   one moment: a task that moves is counted once.
-- Cost     O(log n).
--- @include audit
local oldest = redis.call('ZRANGE', base .. 'index:pending', 0, 0)[1]
local unaudited = read_entry(redis.call('LINDEX', base .. 'audit', 0) or '')
local created_at = oldest and redis.call('HGET', task_key(oldest), 'created_at')
return {
  redis.call('ZCARD', base .. 'task_queue:0'),
  redis.call('ZCARD', base .. 'task_queue:1'),
  redis.call('ZCARD', base .. 'task_queue:2'),
  redis.call('ZCARD', base .. 'running'),
  redis.call('ZCARD', base .. 'delayed'),
  redis.call('ZCARD', base .. 'index:pending'),
  created_at and now - tonumber(created_at) or -1,
  redis.call('ZCOUNT', base .. 'supervisors', now - tonumber(ARGV[1]), '+inf'),
  now,
  tonumber(redis.call('GET', base .. 'blocked') or 0),
  redis.call('LLEN', base .. 'audit'),
  unaudited.at and now - unaudited.at or -1,
}
