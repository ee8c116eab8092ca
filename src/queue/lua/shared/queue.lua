--- @include append
-- The queue of each priority, in the order of submission.
--
--   task_queue:<p>           list: tasks as they were submitted. An entry takes 18 bytes, in a sorted set 120.
--   task_queue:<p>:returned  zset by sequence: tasks that came back to their old place (un-parked, retried, handed back)
--   task_queue:<p>:removed   zset by sequence: tasks that were cancelled in the middle of the list, and still stand there
--
-- In the list sequences rise, since every submission appends; a task comes back to the zset and never to the list.
local TRIMMED_AT_MOST = 1000

-- A removed one may have expired.
local function sequence_in(list, id)
  return tonumber(redis.call('HGET', task_key(id), 'sequence') or redis.call('ZSCORE', list .. ':removed', id) or -1)
end

local function queue_length(priority)
  local list = queue_key(priority)
  return redis.call('LLEN', list) - redis.call('ZCARD', list .. ':removed') + redis.call('ZCARD', list .. ':returned')
end

local function queued_count()
  return queue_length(0) + queue_length(1) + queue_length(2)
end

-- Wakes supervisors for what is queued. While all are at work the bell has rung enough, and nothing is counted.
local function ring_for_queued()
  if redis.call('LLEN', base .. 'doorbell') < RINGS_KEPT then
    ring(queued_count())
  end
end

-- Removed ones leave the list when they stand at one of its ends. Each leaves once.
local function trim(list)
  local removed = list .. ':removed'
  for _ = 1, TRIMMED_AT_MOST do
    if redis.call('EXISTS', removed) == 0 then
      return
    elseif redis.call('ZREM', removed, redis.call('LINDEX', list, -1) or '') == 1 then
      redis.call('RPOP', list)
    elseif redis.call('ZREM', removed, redis.call('LINDEX', list, 0) or '') == 1 then
      redis.call('LPOP', list)
    else
      return
    end
  end
end

-- The first of the list that is not removed, and its sequence; false when there is none. O(log n) looks: entries up to
-- the i-th are all removed as long as i + 1 removed ones come no later than it.
local function first_in_list(list)
  local removed = list .. ':removed'
  local function entry(i)
    local id = redis.call('LINDEX', list, i)
    return id, id and sequence_in(list, id)
  end
  local first, sequence = entry(0)
  if not first or not redis.call('ZSCORE', removed, first) then
    return first, sequence
  end
  local low, high = 0, redis.call('LLEN', list)
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    local _, at = entry(middle)
    if redis.call('ZCOUNT', removed, '-inf', at) > middle then
      low = middle
    else
      high = middle
    end
  end
  return entry(high)
end

-- The task that is claimed next; false when there is none.
local function first_queued(priority)
  local list = queue_key(priority)
  local back = redis.call('ZRANGE', list .. ':returned', 0, 0, 'WITHSCORES')
  local first, sequence = first_in_list(list)
  if back[1] and not (first and sequence < tonumber(back[2])) then
    return back[1]
  end
  return first
end

-- Takes the first `count` entries out. Some may be removed ones: the caller finds them not pending, and says so by
-- forget_removed. O(1) an entry, O(log n) one that came back.
local function pop_queued(priority, count)
  local list = queue_key(priority)
  local returned = list .. ':returned'
  if redis.call('EXISTS', returned) == 0 then
    return redis.call('LPOP', list, count) or {}
  end
  local ids = {}
  for i = 1, count do
    local back = redis.call('ZRANGE', returned, 0, 0, 'WITHSCORES')
    local first = redis.call('LINDEX', list, 0)
    if first and not (back[1] and tonumber(back[2]) < sequence_in(list, first)) then
      ids[i] = redis.call('LPOP', list)
    elseif back[1] then
      redis.call('ZREM', returned, back[1])
      ids[i] = back[1]
    else
      break
    end
  end
  return ids
end

-- Returns whether it was one.
local function forget_removed(priority, id)
  return redis.call('ZREM', queue_key(priority) .. ':removed', id) == 1
end

-- A task that stands in the queue is cancelled. O(log n).
local function remove_queued(id, priority, sequence)
  local list = queue_key(priority)
  if redis.call('ZREM', list .. ':returned', id) == 0 then
    redis.call('ZADD', list .. ':removed', sequence, id)
    trim(list)
  end
end

-- How many entries of a list have a lower sequence. O(log n) looks; by interpolation few where sequences are dense.
-- A look at the middle of a list walks over its nodes, some 450 entries each.
local function entries_before(list, sequence)
  local low, high = 0, redis.call('LLEN', list)
  if high == 0 then
    return 0
  end
  local lowest, highest = sequence_in(list, redis.call('LINDEX', list, 0)), sequence_in(list, redis.call('LINDEX', list, -1))
  if sequence <= lowest then
    return 0
  elseif sequence > highest then
    return high
  end
  -- Between the two: entry `low` comes before it, entry `high` does not.
  high = high - 1
  local by_value = true
  while high - low > 1 do
    local share = by_value and highest > lowest and (sequence - lowest) / (highest - lowest) or 0.5
    local middle = math.min(high - 1, math.max(low + 1, low + math.floor(share * (high - low) + 0.5)))
    local found = sequence_in(list, redis.call('LINDEX', list, middle))
    if found < sequence then
      low, lowest = middle, found
    else
      high, highest = middle, found
    end
    if found == sequence then
      return middle
    end
    by_value = not by_value
  end
  return high
end

-- How many of its queue are claimed before it.
local function queue_rank(priority, sequence)
  local list, before = queue_key(priority), '(' .. sequence
  return entries_before(list, sequence) - redis.call('ZCOUNT', list .. ':removed', '-inf', before)
    + redis.call('ZCOUNT', list .. ':returned', '-inf', before)
end
