--- @include queue
-- Puts tasks where they wait.
--
-- A pending task that does not stand in a queue is parked, delayed or blocked, and also in index:waiting.
--
-- Parked tasks are ordered by priority, then sequence, in one score: priority * 2^40 + sequence. That is exact
-- in a double up to 1.1e12 submissions.
local PARKED_STEP = 1099511627776
local LOOKED_AT_WAITING = 1000

-- Comes back, to its old place.
local function enqueue(task_id, priority, sequence)
  redis.call('ZADD', queue_key(priority) .. ':returned', sequence, task_id)
  redis.call('ZREM', base .. 'index:waiting', task_id)
end

local function note_waiting(task_id, sequence)
  redis.call('ZADD', base .. 'index:waiting', sequence, task_id)
end

local function delay(task_id, sequence, at)
  redis.call('ZADD', base .. 'delayed', at, task_id)
  note_waiting(task_id, sequence)
end

local function park(task_id, job_type, priority, sequence)
  redis.call('ZADD', base .. 'parked:' .. job_type, priority * PARKED_STEP + sequence, task_id)
  note_waiting(task_id, sequence)
end

-- A type has no running task: its parked head goes back to its queue, at its old place. O(log n).
local function unpark(job_type)
  local head = redis.call('ZPOPMIN', base .. 'parked:' .. job_type)
  if #head == 0 then
    return
  end
  local score = tonumber(head[2])
  local priority = math.floor(score / PARKED_STEP)
  enqueue(head[1], priority, score - priority * PARKED_STEP)
end

-- The running task of a type has ended or goes back: the type is free for the next one. Nobody holds a type whose key
-- was deleted by hand, and those that are parked must not wait for ever.
local function release_type(job_type, task_id)
  local holder = redis.call('GET', base .. 'type:' .. job_type)
  if holder == task_id or not holder then
    redis.call('DEL', base .. 'type:' .. job_type)
    unpark(job_type)
  end
end

-- The hash of a queued task was deleted by hand, and with it went the name of its type: others may be parked behind it.
-- So the head of each type that nobody holds comes back to its queue, where one more of a type does no harm. O(1) for
-- each of the oldest that wait, as far as it looks; parked ones behind those come back when one of their type has run.
local function unpark_unheld()
  local seen = {}
  for _, id in ipairs(redis.call('ZRANGE', base .. 'index:waiting', 0, LOOKED_AT_WAITING - 1)) do
    local job_type = redis.call('HGET', task_key(id), 'job_type')
    if job_type and not seen[job_type] then
      seen[job_type] = true
      if redis.call('EXISTS', base .. 'type:' .. job_type) == 0 then
        unpark(job_type)
      end
    end
  end
  ring_for_queued()
end
