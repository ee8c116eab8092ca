-- Puts new tasks into the queue and wakes idle supervisors.
--
-- KEYS[1]  key base, '{stock}:'
-- ARGV     10 a task: task_id, job_type, priority (0..2), max_attempts, timeout_seconds, params (JSON),
--          dataset ('' = part of job_type), mode (same), execution_id ('' = none), retry_of ('' = none)
-- Returns  one number a task, in order: 1 created, 0 there was a task with this id already (nothing changed)
-- Atomic   the task and its place in the queue appear together, so that a task is never known
--          without being claimable; the existence check makes a repeated submission harmless.
-- Cost     O(m) for m tasks; callers send at most 500 in one call.
--- @include create
--- @include append
local STRIDE = 10

local count = #ARGV / STRIDE
local sequence = redis.call('INCRBY', base .. 'sequence', count) - count
local reply, queues, created = {}, { ['0'] = {}, ['1'] = {}, ['2'] = {} }, 0

for i = 1, #ARGV, STRIDE do
  local id, job_type, priority = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  sequence = sequence + 1
  if redis.call('EXISTS', task_key(id)) == 1 then
    reply[#reply + 1] = 0
  else
    create_task(id, job_type, priority, sequence, ARGV[i + 3], ARGV[i + 4], ARGV[i + 5],
      { 'dataset', ARGV[i + 6], 'mode', ARGV[i + 7], 'execution_id', ARGV[i + 8], 'retry_of', ARGV[i + 9] })
    local queue = queues[priority]
    queue[#queue + 1] = id
    created = created + 1
    reply[#reply + 1] = 1
  end
end
for priority, ids in pairs(queues) do
  if #ids > 0 then
    enqueue_new(priority, unpack(ids))
  end
end
ring(created)
return reply
