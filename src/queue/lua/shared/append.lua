--- @include base
-- New tasks go to the end of their queue (queue.lua), and supervisors that sleep are woken.

-- More rings than this wake nobody else: a woken supervisor claims all it has room for.
local RINGS_KEPT = 8

-- Wakes up to `count` idle supervisors. Cost: O(1).
local function ring(count)
  local rings = math.min(count, RINGS_KEPT - redis.call('LLEN', base .. 'doorbell'))
  for _ = 1, rings do
    redis.call('LPUSH', base .. 'doorbell', 1)
  end
end

local function queue_key(priority)
  return base .. 'task_queue:' .. priority
end

-- These have just been submitted, in this order: their sequences are the highest.
local function enqueue_new(priority, ...)
  redis.call('RPUSH', queue_key(priority), ...)
end
