-- Tasks and executions whose id begins with a text.
--
-- KEYS[1]  key base
-- ARGV     text, limit (of each kind)
-- Returns  { { task_id, … }, { execution_id, … } }, the newest first within a status; a whole id is always found, of
--          others those among the newest 1,000 of each status
-- Atomic   one moment.
-- Cost     O(1,000) a status: ids alone are compared, and no task is read.
--- @include queue
local SEARCHED_AT_MOST = 1000
local text, limit = ARGV[1], tonumber(ARGV[2])

local function finder(whole_key)
  local found, seen = {}, {}
  local function add(id)
    if #found < limit and not seen[id] and string.sub(id, 1, #text) == text then
      seen[id] = true
      found[#found + 1] = id
    end
  end
  if redis.call('EXISTS', whole_key) == 1 then
    add(text)
  end
  return found, function(ids, first, last, step)
    for i = first, last, step do
      add(ids[i])
    end
  end
end

local function newest(name)
  return redis.call('ZREVRANGE', base .. name, 0, SEARCHED_AT_MOST - 1)
end

local tasks, add_tasks = finder(task_key(text))
for _, name in ipairs({ 'running', 'index:waiting', 'index:failed', 'index:completed', 'index:cancelled' }) do
  local ids = newest(name)
  add_tasks(ids, 1, #ids, 1)
end
for priority = 0, 2 do
  local list = queue_key(priority)
  local ids = redis.call('LRANGE', list, -SEARCHED_AT_MOST, -1)
  add_tasks(ids, #ids, 1, -1)
  ids = redis.call('ZREVRANGE', list .. ':returned', 0, SEARCHED_AT_MOST - 1)
  add_tasks(ids, 1, #ids, 1)
end

local executions, add_executions = finder(base .. 'execution:' .. text)
for _, status in ipairs({ 'running', 'pending', 'failed', 'completed', 'cancelled' }) do
  local ids = newest('executions:' .. status)
  add_executions(ids, 1, #ids, 1)
end
return { tasks, executions }
