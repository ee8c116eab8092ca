-- One execution with a page of its tasks.
--
-- KEYS[1]  key base
-- ARGV     execution_id, offset, limit
-- Returns  { { field, value, … }, task, … }, nil when there is no such execution. A task is its id, the ids of the
--          tasks it needs ('a,b'), then as in read.lua. One that has expired is left out.
-- Atomic   one moment: counts and tasks agree.
-- Cost     O(limit).
--- @include read
--- @include execution
local id, offset = ARGV[1], tonumber(ARGV[2])
local fields = redis.call('HGETALL', execution_key(id))
if #fields == 0 then
  return false
end
local members = base .. 'members:' .. id
local reply = { fields }
for slot = offset, offset + tonumber(ARGV[3]) - 1 do
  local task_id = redis.call('HGET', members, slot)
  local task = task_id and read_task(task_id)
  if task then
    local needs = {}
    for need in each_slot(redis.call('HGET', base .. 'dependencies:' .. id, 'n' .. slot)) do
      needs[#needs + 1] = redis.call('HGET', members, need)
    end
    table.insert(task, 1, table.concat(needs, ','))
    table.insert(task, 1, task_id)
    reply[#reply + 1] = task
  end
end
return reply
