-- Reads whole tasks.
--
-- KEYS[1]  key base
-- ARGV     task ids
-- Returns  one entry a task, in order: { params, field, value, … }, or nil when there is no such task
-- Atomic   one moment for all of them.
-- Cost     O(1) a task.
--- @include read
local reply = {}
for i, id in ipairs(ARGV) do
  reply[i] = read_task(id)
end
return reply
