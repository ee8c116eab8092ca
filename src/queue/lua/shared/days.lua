--- @include base
-- The days that something finished stays in Redis, counted from when Postgres has it.
--
-- Its keys expire by themselves; `expiring` (by that moment, in ms) says when its index entries have to go too. The days
-- of a task wait (+inf) while its execution lives: what has failed in it can be retried until the whole has expired.
local KEPT_MS = 604800000
local KEYS_OF = {
  task = { 'task:', 'params:' },
  execution = { 'execution:', 'members:', 'dependencies:', 'blocked:' },
}
local INDEXES_OF = {
  task = { 'index:completed', 'index:failed', 'index:cancelled' },
  execution = { 'executions:completed', 'executions:failed', 'executions:cancelled' },
}

local function start_days(kind, id)
  for _, key in ipairs(KEYS_OF[kind]) do
    redis.call('PEXPIREAT', base .. key .. id, now + KEPT_MS)
  end
  redis.call('ZADD', base .. 'expiring', now + KEPT_MS, kind .. ':' .. id)
end

local function hold_days(kind, id)
  for _, key in ipairs(KEYS_OF[kind]) do
    redis.call('PERSIST', base .. key .. id)
  end
  redis.call('ZADD', base .. 'expiring', '+inf', kind .. ':' .. id)
end

-- Whether Postgres has it.
local function has_days(kind, id)
  return redis.call('ZSCORE', base .. 'expiring', kind .. ':' .. id) ~= false
end

-- Forgets up to `limit` whose days are over. O(log n) each.
local function forget_expired(limit)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', base .. 'expiring', '-inf', now, 'LIMIT', 0, limit)) do
    local kind, id = string.match(member, '^(%a+):(.+)$')
    for _, key in ipairs(KEYS_OF[kind] or {}) do
      redis.call('DEL', base .. key .. id)
    end
    for _, index in ipairs(INDEXES_OF[kind] or {}) do
      redis.call('ZREM', base .. index, id)
    end
    redis.call('ZREM', base .. 'expiring', member)
  end
end
