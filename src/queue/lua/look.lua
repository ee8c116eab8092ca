-- One task, and all that is needed to say why it waits.
--
-- KEYS[1]  key base
-- ARGV     task_id
-- Returns  nil when there is no such task, else { task (as in read.lua), now, place, ahead (as in shared/place.lua;
--          of a task that doesn't wait its status, and -1), supervisors alive, those of them that drain, why it was
--          put back to wait for a moment (retry | handed_back | closed, '' never), prerequisites that have not
--          completed, and what is in its way: task_id, job_type, status, deadline_at (-1 none) of the task that holds
--          its type (in the queue too) or of the first of those prerequisites, '' when nothing is known to be }
-- Atomic   one moment.
-- Cost     O(log n), O(supervisors that drain), and O(prerequisites) for a blocked one.
--- @include read
--- @include place
local id = ARGV[1]
local task = read_task(id)
if not task then
  return false
end
local f = redis.call('HMGET', task_key(id), 'status', 'job_type', 'priority', 'execution_id', 'slot', 'waits_for', 'sequence')
local alive = redis.call('ZCOUNT', base .. 'supervisors', now, '+inf')
local draining = 0
for _, supervisor_id in ipairs(redis.call('SMEMBERS', base .. 'draining')) do
  if (tonumber(redis.call('ZSCORE', base .. 'supervisors', supervisor_id)) or 0) >= now then
    draining = draining + 1
  end
end
local status = status_of(f[1], f[2])
if status ~= 'pending' then
  return { task, now, status, -1, alive, draining, '', 0, '', '', '', -1 }
end

-- The first of its prerequisites, in the order they were named, that has not completed.
local function unmet_prerequisite(execution_id, slot)
  local dependencies = base .. 'dependencies:' .. execution_id
  for need in string.gmatch(redis.call('HGET', dependencies, 'n' .. (slot or '')) or '', '%d+') do
    if redis.call('HEXISTS', dependencies, 'd' .. need) == 1 then
      return redis.call('HGET', base .. 'members:' .. execution_id, need)
    end
  end
  return false
end

local place, ahead = place_of(id, f[2], tonumber(f[3] or 1), tonumber(f[7]), f[4])
local blocker, unmet = false, 0
if place == 'parked' or place == 'queue' then
  blocker = redis.call('GET', base .. 'type:' .. f[2])
elseif place == 'blocked' then
  blocker = unmet_prerequisite(f[4], f[5])
  unmet = tonumber(redis.call('HGET', base .. 'blocked:' .. f[4], id))
end
local b = blocker and redis.call('HMGET', task_key(blocker), 'job_type', 'status', 'deadline_at') or {}
return { task, now, place, ahead, alive, draining, f[6] or '', unmet, blocker or '', b[1] or '',
  status_of(b[2], b[1]) or '', tonumber(b[3] or -1) }
