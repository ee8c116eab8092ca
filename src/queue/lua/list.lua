-- A page of tasks, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     before ('+inf', or the sequence that all of the page are below), offset, limit, then what they must be like,
--          '' = anything: beginning of the id, job_type, dataset, execution_id, submitted from and before (ms); then the
--          statuses. With anything but statuses the offset is 0.
-- Returns  { total, next, looked_at, task, … }; a task is its id, then as in read.lua. total: all tasks of these statuses,
--          whatever else they are like. next: `before` of the page that goes on from here, 0 when nothing is left.
--          looked_at: entries that were read through. A page may be short before the end is reached.
-- Atomic   one moment: a task that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status; a search at most 1,000 short reads, however many tasks there are.
--- @include read
--- @include newest
local SEARCHED_AT_MOST = 1000
-- Removed entries that a page which is not searched passes over.
local REMOVED_AT_MOST = 10000
local before, offset, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local begins, job_type, dataset, execution_id, from, to = unpack(ARGV, 4, 9)
local reads_task = dataset ~= '' or execution_id ~= '' or from ~= '' or to ~= ''
local searches = reads_task or begins ~= '' or job_type ~= ''
local reach = searches and SEARCHED_AT_MOST or offset + limit + math.min(removed_count(), REMOVED_AT_MOST)

-- A hash names its dataset only where the job type, <dataset>.<mode>, does not.
local function dataset_of(named, its_type)
  return named or string.match(its_type, '^(.*)%.[^.]*$')
end

local function wanted(id, its_type)
  if its_type == false or string.sub(id, 1, #begins) ~= begins then
    return false
  end
  if not reads_task then
    return job_type == '' or job_type == (its_type or redis.call('HGET', task_key(id), 'job_type'))
  end
  local f = redis.call('HMGET', task_key(id), 'job_type', 'created_at', 'dataset', 'execution_id')
  if not f[1] then
    return false -- it has expired and is not pruned yet
  end
  local is_one = in_span(f[2], from, to)
  return is_one
    and (job_type == '' or f[1] == job_type)
    and (dataset == '' or dataset_of(f[3], f[1]) == dataset)
    and (execution_id == '' or f[4] == execution_id)
end

local sources, total = {}, 0
for i = 10, #ARGV do
  total = total + add_sources(sources, ARGV[i], before, reach + 1) -- one more says whether anything is left
end
local page, next, looked_at = search(sources, reach, offset, limit, wanted)

local reply = { total, next, looked_at }
for _, id in ipairs(page) do
  local task = read_task(id)
  if task then -- else it has expired and is not pruned yet
    table.insert(task, 1, id)
    reply[#reply + 1] = task
  end
end
return reply
