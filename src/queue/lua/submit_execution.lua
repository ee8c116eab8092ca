-- Submits tasks that belong together; those that need others wait for them.
--
-- KEYS[1]  key base
-- ARGV     execution_id, kind, label, then 12 a task: ten as in submit.lua, key ('' = none), and the places of the
--          tasks it needs, '0,2', all of them before its own
-- Returns  1 created, 0 there is an execution with this id already (nothing changed)
-- Atomic   tasks, counts and dependencies appear together: no task can end before its dependants are known.
-- Cost     O(m log n) for m tasks, 1,000 at most: 50 to 75 ms, measured on two busy cores.
--- @include create
--- @include execution
--- @include enqueue
local STRIDE = 12
local id = ARGV[1]
if redis.call('EXISTS', execution_key(id)) == 1 then
  return 0
end
local count = (#ARGV - 3) / STRIDE
local sequence = redis.call('INCRBY', base .. 'sequence', count) - count
local execution = { 'status', 'pending', 'kind', ARGV[2], 'label', ARGV[3], 'sequence', sequence + count,
  'total', count, 'created_at', now, 'updated_at', now, 'running', 0, 'completed', 0, 'failed', 0, 'cancelled', 0 }
redis.call('HSET', execution_key(id), 'pending', count, unpack(execution))
redis.call('ZADD', base .. 'executions:pending', sequence + count, id)

local dependants, ready = {}, 0
for slot = 0, count - 1 do
  local at = 4 + slot * STRIDE
  local task_id, priority, needs = ARGV[at], ARGV[at + 2], ARGV[at + 11]
  sequence = sequence + 1
  create_task(task_id, ARGV[at + 1], priority, sequence, ARGV[at + 3], ARGV[at + 4], ARGV[at + 5],
    { 'dataset', ARGV[at + 6], 'mode', ARGV[at + 7], 'execution_id', id, 'slot', slot, 'key', ARGV[at + 10] })
  redis.call('HSET', base .. 'members:' .. id, slot, task_id)
  local unmet = 0
  for need in each_slot(needs) do
    unmet = unmet + 1
    dependants[need] = dependants[need] and dependants[need] .. ',' .. slot or tostring(slot)
  end
  if unmet == 0 then
    enqueue_new(priority, task_id)
    ready = ready + 1
  else
    redis.call('HSET', base .. 'dependencies:' .. id, 'n' .. slot, needs)
    block(id, task_id, sequence, unmet)
  end
end
for need, list in pairs(dependants) do
  redis.call('HSET', base .. 'dependencies:' .. id, 'd' .. need, list)
end
emit_execution('execution_submitted', id, 'pending')
ring(ready)
return 1
