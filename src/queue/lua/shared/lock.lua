--- @include base
-- The lock of a job type where it stands in the queue's own Redis (no REDLOCK_URLS, see type-locks.ts). Redlock with
-- one server is SET NX PX to take it, and a delete by whoever has its value to release it: both then cost no call of
-- their own. Renewals, and whatever else asks for the lock, go through Redlock, which knows the same key and value.
local function lock_key(job_type)
  return base .. 'lock:' .. job_type
end

-- Takes it for life_ms. Returns 1, or 0 when somebody else has it.
local function lock_type(job_type, value, life_ms)
  return redis.call('SET', lock_key(job_type), value, 'NX', 'PX', life_ms) and 1 or 0
end

local function unlock_type(job_type, value)
  if redis.call('GET', lock_key(job_type)) == value then
    redis.call('DEL', lock_key(job_type))
  end
end
