-- One page of tasks, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     job_type ('' = all), offset, limit, then the statuses
-- Returns  { total, task, … }; a task is its id, then as in read.lua. total: all tasks of these statuses; with a job_type those
--          of the type among the 10,000 newest, which is also how far such a list reaches.
-- Atomic   one moment: a task that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status; with a job_type up to 10,000 short reads (some 5 ms).
--- @include read
local SEARCHED_AT_MOST = 10000
local job_type, offset, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local reach = job_type == '' and offset + limit or SEARCHED_AT_MOST

local newest, total = {}, 0
for i = 4, #ARGV do
  local index = base .. 'index:' .. ARGV[i]
  total = total + redis.call('ZCARD', index)
  local entries = redis.call('ZREVRANGE', index, 0, reach - 1, 'WITHSCORES')
  for j = 1, #entries, 2 do
    newest[#newest + 1] = { entries[j], tonumber(entries[j + 1]) }
  end
end
if #ARGV > 4 then
  table.sort(newest, function(a, b) return a[2] > b[2] end)
end

if job_type ~= '' then
  local matching = {}
  for i = 1, math.min(#newest, SEARCHED_AT_MOST) do
    if redis.call('HGET', task_key(newest[i][1]), 'job_type') == job_type then
      matching[#matching + 1] = newest[i]
    end
  end
  newest, total = matching, #matching
end

local reply = { total }
for i = offset + 1, math.min(offset + limit, #newest) do
  local task = read_task(newest[i][1])
  if task then -- else it has expired and is not pruned yet
    table.insert(task, 1, newest[i][1])
    reply[#reply + 1] = task
  end
end
return reply
