--- @include queue
-- Tasks or executions of some statuses, newest submission first, without looking at more of them than are wanted.
--
-- A source is a list of ids, newest first: { ids, sequences and types (of the ids, as far as they are known), at, list (a
-- queue that has removed entries) }. Each has up to `reach` entries with a sequence below `before`, '+inf' for all of them.

local function new_source()
  return { ids = {}, sequences = {}, types = {}, at = 1 }
end

-- A zset by sequence.
local function indexed(name, before, reach)
  local source = new_source()
  local entries = redis.call('ZREVRANGEBYSCORE', base .. name, '(' .. before, '-inf', 'WITHSCORES', 'LIMIT', 0, reach)
  for i = 1, #entries, 2 do
    source.ids[#source.ids + 1] = entries[i]
    source.sequences[#source.ids] = tonumber(entries[i + 1])
  end
  return source
end

-- The list of a queue: its end is the newest. Removed ones are among them, and are not pending any more.
local function listed(priority, before, reach)
  local list = queue_key(priority)
  local count = before == '+inf' and redis.call('LLEN', list) or entries_before(list, tonumber(before))
  local entries = count > 0 and redis.call('LRANGE', list, math.max(0, count - reach), count - 1) or {}
  local source = new_source()
  for i = #entries, 1, -1 do
    source.ids[#source.ids + 1] = entries[i]
  end
  source.list = redis.call('EXISTS', list .. ':removed') == 1 and list
  return source
end

-- The running ones are ordered by the end of their leases, and few.
local function running(before)
  local tasks = {}
  for _, id in ipairs(redis.call('ZRANGE', base .. 'running', 0, -1)) do
    local sequence = tonumber(redis.call('HGET', task_key(id), 'sequence') or 0)
    if before == '+inf' or sequence < tonumber(before) then
      tasks[#tasks + 1] = { id, sequence }
    end
  end
  table.sort(tasks, function(a, b) return a[2] > b[2] end)
  local source = new_source()
  for i, task in ipairs(tasks) do
    source.ids[i], source.sequences[i] = task[1], task[2]
  end
  return source
end

-- Adds where tasks of a status stand to `sources`. Returns how many there are, those from `before` on too.
local function add_sources(sources, status, before, reach)
  if status == 'running' then
    sources[#sources + 1] = running(before)
    return redis.call('ZCARD', base .. 'running')
  elseif status ~= 'pending' then
    sources[#sources + 1] = indexed('index:' .. status, before, reach)
    return redis.call('ZCARD', base .. 'index:' .. status)
  end
  local total = redis.call('ZCARD', base .. 'index:waiting')
  sources[#sources + 1] = indexed('index:waiting', before, reach)
  for priority = 0, 2 do
    sources[#sources + 1] = listed(priority, before, reach)
    sources[#sources + 1] = indexed('task_queue:' .. priority .. ':returned', before, reach)
    total = total + queue_length(priority)
  end
  return total
end

-- Removed entries that still stand in the queues.
local function removed_count()
  local count = 0
  for priority = 0, 2 do
    count = count + redis.call('ZCARD', queue_key(priority) .. ':removed')
  end
  return count
end

-- The sequence of the first that a source still has; nil when it has none.
local function next_sequence(source)
  local at = source.at
  local id = source.ids[at]
  if id and not source.sequences[at] then
    local removed = source.list and redis.call('ZSCORE', source.list .. ':removed', id)
    if removed then
      source.sequences[at], source.types[at] = tonumber(removed), false
    else
      local f = redis.call('HMGET', task_key(id), 'sequence', 'job_type')
      source.sequences[at], source.types[at] = tonumber(f[1] or 0), f[2]
    end
  end
  return source.sequences[at]
end

-- The source whose next entry is the newest of all; nil when none has any left.
local function newest_source(sources)
  local newest, highest
  for _, source in ipairs(sources) do
    local sequence = next_sequence(source)
    if sequence and not (highest and highest >= sequence) then
      newest, highest = source, sequence
    end
  end
  return newest
end

-- Takes the newest of all: its id, its sequence, and its job type (false: it is removed; nil: not known yet).
local function take_newest(sources)
  local source = newest_source(sources)
  if source then
    local at = source.at
    source.at = at + 1
    return source.ids[at], source.sequences[at], source.types[at]
  end
end

-- Looks through the newest, `reach` of them at most, until `limit` are found after `offset` others.
-- wanted(id, job type as take_newest knows it): whether it is one; nil: nor is anything that comes after it.
-- Returns their ids, `before` to go on from (0: nothing is left), and how many were looked through.
local function search(sources, reach, offset, limit, wanted)
  local found, matching, looked_at, last = {}, 0, 0, 0
  while looked_at < reach and #found < limit do
    local id, sequence, its_type = take_newest(sources)
    if not id then
      break
    end
    looked_at, last = looked_at + 1, sequence
    local is_one = wanted(id, its_type)
    if is_one == nil then
      return found, 0, looked_at
    end
    if is_one then
      matching = matching + 1
      if matching > offset then
        found[#found + 1] = id
      end
    end
  end
  return found, newest_source(sources) and last or 0, looked_at
end

-- Whether a submission at a moment is in [from, to), ms or '' each. nil: it is before; what was submitted earlier still
-- is too, by the clock of Redis that wrote both.
local function in_span(moment, from, to)
  local at = tonumber(moment or 0)
  if from ~= '' and at < tonumber(from) then
    return nil
  end
  return to == '' or at < tonumber(to)
end
