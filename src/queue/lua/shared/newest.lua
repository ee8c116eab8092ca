--- @include queue
-- Tasks of some statuses, newest submission first, without looking at more of them than are wanted.
--
-- A source is a list of ids, newest first: { ids, sequences (of the ids, as far as they are known), types (the same), at }.

-- Removed ones that are passed over in one queue; past so many a page may be short.
local REMOVED_AT_MOST = 10000

-- A zset by sequence.
local function indexed(name, reach)
  local source = { ids = {}, sequences = {}, types = {}, at = 1 }
  local entries = redis.call('ZREVRANGE', base .. name, 0, reach - 1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    source.ids[#source.ids + 1] = entries[i]
    source.sequences[#source.ids] = tonumber(entries[i + 1])
  end
  return source
end

-- The list of a queue: its end is the newest. Removed ones are not pending any more.
local function listed(priority, reach)
  local list = queue_key(priority)
  local holes = redis.call('ZCARD', list .. ':removed')
  local entries = redis.call('LRANGE', list, -reach - math.min(holes, REMOVED_AT_MOST), -1)
  local source = { ids = {}, sequences = {}, types = {}, at = 1 }
  for i = #entries, 1, -1 do
    if holes == 0 or not redis.call('ZSCORE', list .. ':removed', entries[i]) then
      source.ids[#source.ids + 1] = entries[i]
    end
  end
  return source
end

-- The running ones are ordered by the end of their leases, and few.
local function running()
  local tasks = {}
  for i, id in ipairs(redis.call('ZRANGE', base .. 'running', 0, -1)) do
    tasks[i] = { id, tonumber(redis.call('HGET', task_key(id), 'sequence') or 0) }
  end
  table.sort(tasks, function(a, b) return a[2] > b[2] end)
  local source = { ids = {}, sequences = {}, types = {}, at = 1 }
  for i, task in ipairs(tasks) do
    source.ids[i], source.sequences[i] = task[1], task[2]
  end
  return source
end

-- Adds where tasks of a status stand to `sources`. Returns how many there are.
local function add_sources(sources, status, reach)
  if status == 'running' then
    sources[#sources + 1] = running()
    return redis.call('ZCARD', base .. 'running')
  elseif status ~= 'pending' then
    sources[#sources + 1] = indexed('index:' .. status, reach)
    return redis.call('ZCARD', base .. 'index:' .. status)
  end
  local total = redis.call('ZCARD', base .. 'index:waiting')
  sources[#sources + 1] = indexed('index:waiting', reach)
  for priority = 0, 2 do
    sources[#sources + 1] = listed(priority, reach)
    sources[#sources + 1] = indexed('task_queue:' .. priority .. ':returned', reach)
    total = total + queue_length(priority)
  end
  return total
end

-- The sequence of the first that a source still has; nil when it has none.
local function next_sequence(source)
  local id = source.ids[source.at]
  if id and not source.sequences[source.at] then
    local f = redis.call('HMGET', task_key(id), 'sequence', 'job_type')
    source.sequences[source.at], source.types[source.at] = tonumber(f[1] or 0), f[2]
  end
  return source.sequences[source.at]
end

-- Takes the newest of all: its id, and its job type where that is known; nil when there is none left.
local function take_newest(sources)
  local newest, highest
  for _, source in ipairs(sources) do
    local sequence = next_sequence(source)
    if sequence and not (highest and highest >= sequence) then
      newest, highest = source, sequence
    end
  end
  if newest then
    newest.at = newest.at + 1
    return newest.ids[newest.at - 1], newest.types[newest.at - 1]
  end
end
