-- A page of tasks, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     job_type ('' = all), before ('+inf', or the sequence that all of the page are below), offset, limit, then the
--          statuses. With a job_type the offset is 0.
-- Returns  { total, next, looked_at, task, … }; a task is its id, then as in read.lua. total: all tasks of these statuses,
--          whatever their type. next: `before` of the page that goes on from here, 0 when nothing is left.
--          looked_at: entries that were read through. A page may be short before the end is reached.
-- Atomic   one moment: a task that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status; with a job_type at most 1,000 short reads, however many tasks there are.
--- @include read
--- @include newest
local SEARCHED_AT_MOST = 1000
-- Removed entries that a page without a job_type passes over.
local REMOVED_AT_MOST = 10000
local job_type, before, offset, limit = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local reach = job_type == '' and offset + limit + math.min(removed_count(), REMOVED_AT_MOST) or SEARCHED_AT_MOST

local sources, total = {}, 0
for i = 5, #ARGV do
  total = total + add_sources(sources, ARGV[i], before, reach + 1) -- one more says whether anything is left
end

local page, looked_at, matching, last = {}, 0, 0, 0
while looked_at < reach and #page < limit do
  local id, sequence, its_type = take_newest(sources)
  if not id then
    break
  end
  looked_at, last = looked_at + 1, sequence
  if its_type == nil and job_type ~= '' then
    its_type = redis.call('HGET', task_key(id), 'job_type')
  end
  if its_type ~= false and (job_type == '' or its_type == job_type) then
    matching = matching + 1
    if matching > offset then
      page[#page + 1] = id
    end
  end
end

local reply = { total, newest_source(sources) and last or 0, looked_at }
for _, id in ipairs(page) do
  local task = read_task(id)
  if task then -- else it has expired and is not pruned yet
    table.insert(task, 1, id)
    reply[#reply + 1] = task
  end
end
return reply
