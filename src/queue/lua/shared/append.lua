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

-- Wakes one that sleeps, so that it beats. One that is awake beats soon anyway: the ring does not outlast that.
local RING_KEPT_MS = 2000
local function wake(supervisor_id)
  local bell = base .. 'bell:' .. supervisor_id
  redis.call('DEL', bell)
  redis.call('LPUSH', bell, 1)
  redis.call('PEXPIRE', bell, RING_KEPT_MS)
end

local function queue_key(priority)
  return base .. 'task_queue:' .. priority
end

-- The keys of which one exists when anything is queued.
local function queue_keys()
  local keys = {}
  for priority = 0, 2 do
    keys[#keys + 1] = queue_key(priority)
    keys[#keys + 1] = queue_key(priority) .. ':returned'
  end
  return keys
end

-- These have just been submitted, in this order: their sequences are the highest.
local function enqueue_new(priority, ...)
  redis.call('RPUSH', queue_key(priority), ...)
end
