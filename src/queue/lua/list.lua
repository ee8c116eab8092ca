-- One page of tasks, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     job_type ('' = all), offset, limit, then the statuses
-- Returns  { total, task, … }; a task is its id, then as in read.lua. total: all tasks of these statuses; with a job_type those
--          of the type among the 10,000 newest, which is also how far such a list reaches.
-- Atomic   one moment: a task that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status; with a job_type up to 10,000 short reads (some 5 ms).
--- @include read
--- @include newest
local SEARCHED_AT_MOST = 10000
local job_type, offset, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local reach = job_type == '' and offset + limit or SEARCHED_AT_MOST

local sources, total = {}, 0
for i = 4, #ARGV do
  total = total + add_sources(sources, ARGV[i], reach)
end

local page, matching = {}, 0
for _ = 1, reach do
  local id, its_type = take_newest(sources)
  if not id then
    break
  end
  if job_type == '' or (its_type or redis.call('HGET', task_key(id), 'job_type')) == job_type then
    matching = matching + 1
    if matching > offset and matching <= offset + limit then
      page[#page + 1] = id
    end
  end
end

local reply = { job_type == '' and total or matching }
for _, id in ipairs(page) do
  local task = read_task(id)
  if task then -- else it has expired and is not pruned yet
    table.insert(task, 1, id)
    reply[#reply + 1] = task
  end
end
return reply
