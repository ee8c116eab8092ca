#!lua flags=allow-oom
-- Takes back tasks whose lease has ended: their supervisor is gone, frozen or cut off.
--
-- KEYS[1]  key base
-- ARGV     limit (tasks at most)
-- Returns  { next_lease_end (ms, -1 none), { task_id, status, fence of the lost run }, … }; status: pending, or
--          cancelled when a stop was wished, or failed when the losses are exhausted, or gone: what is under the lease
--          is no running task (its hash was deleted or changed by hand), see forget.lua
-- Atomic   the lease is checked and the task moved in one step, so that a renewal comes before or is refused.
-- Cost     O(log n) a task.
--- @include owned
--- @include ending
--- @include enqueue
-- Five supervisors lost in a row, without a checkpoint between: the task itself is what kills them.
local LOSSES_AT_MOST = 5

local function take_back(task, lease_end)
  local losses = redis.call('HINCRBY', task_key(task.id), 'losses', 1)
  redis.call('ZREM', base .. 'running', task.id)
  if task.stop_requested_at then
    end_task(task, 'cancelled', 'cancelled', task.attempt + 1, {}, {})
  elseif losses >= LOSSES_AT_MOST then
    local message = losses .. ' supervisors in a row were lost while running this task'
    end_task(task, 'failed', 'failed', task.attempt + 1,
      { 'last_error_type', 'supervisor_lost', 'error_message', message }, { 'time_left_ms' },
      { 'error_type', 'supervisor_lost' })
  else
    -- No attempt is used. It may have run until its lease ended; that time is gone from its deadline.
    transition(task, 'pending', 'lost', { 'time_left_ms', math.max(0, task.deadline_at - lease_end) },
      { 'owner', 'fence', 'deadline_at' }, { 'supervisor_id', task.owner, 'losses', losses })
    enqueue(task.id, task.priority, task.sequence)
  end
  release_type(task.job_type, task.id)
end

local reply = { -1 }
local expired = redis.call('ZRANGEBYSCORE', base .. 'running', '-inf', now, 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[1]))
for i = 1, #expired, 2 do
  local id = expired[i]
  local f = redis.call('HMGET', task_key(id), 'owner', 'fence')
  local task = f[1] and f[2] and owned_task(id, f[1], f[2])
  if task then
    take_back(task, tonumber(expired[i + 1]))
    reply[#reply + 1] = { id, task.status, f[2] }
  else
    reply[#reply + 1] = { id, 'gone', '' } -- which type it holds is not known here; it stays until forget.lua
  end
end
if #reply > 1 then
  ring_for_queued()
end
local first = redis.call('ZRANGE', base .. 'running', 0, 0, 'WITHSCORES')
reply[1] = tonumber(first[2]) or -1
return reply
