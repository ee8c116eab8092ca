-- The supervisors, what they run, and since when tasks could be claimed: for /health and the supervisors endpoint.
--
-- KEYS[1]  key base
-- Returns  { now, since when (ms, -1: none) the head of the high queue can be claimed, the same of the older head of
--          the other two, { supervisor_id, until when it counts as alive (ms), details (JSON, '' unknown), 1 to drain, else 0, … },
--          { task_id, job_type, supervisor_id, deadline_at, … } }
-- Atomic   one moment.
-- Cost     O(supervisors + running tasks), at most 1,000 of these.
--- @include queue
local RUNNING_AT_MOST = 1000

-- It can be claimed since it was submitted or put back, or since the moment that it waited for.
local function claimable_since(priority)
  local head = first_queued(priority)
  if not head then
    return -1
  end
  local f = redis.call('HMGET', task_key(head), 'created_at', 'updated_at', 'next_run_at')
  return math.max(tonumber(f[1] or now), tonumber(f[2] or 0), tonumber(f[3] or 0))
end

local supervisors = {}
local beats = redis.call('ZRANGE', base .. 'supervisors', 0, -1, 'WITHSCORES')
for i = 1, #beats, 2 do
  supervisors[#supervisors + 1] = beats[i]
  supervisors[#supervisors + 1] = tonumber(beats[i + 1])
  supervisors[#supervisors + 1] = redis.call('HGET', base .. 'supervisor_details', beats[i]) or ''
  supervisors[#supervisors + 1] = redis.call('SISMEMBER', base .. 'draining', beats[i])
end

local running = {}
for _, id in ipairs(redis.call('ZRANGE', base .. 'running', 0, RUNNING_AT_MOST - 1)) do
  local f = redis.call('HMGET', task_key(id), 'job_type', 'owner', 'deadline_at')
  for _, value in ipairs({ id, f[1] or '', f[2] or '', tonumber(f[3] or 0) }) do
    running[#running + 1] = value
  end
end

local normal, low = claimable_since(1), claimable_since(2)
local others = normal < 0 and low or low < 0 and normal or math.min(normal, low)
return { now, claimable_since(0), others, supervisors, running }
