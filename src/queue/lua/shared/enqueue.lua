--- @include base
-- Puts tasks back where they can be claimed, and rings.
--
-- Parked tasks are ordered by priority, then sequence, in one score: priority * 2^40 + sequence. That is exact
-- in a double up to 1.1e12 submissions.
local PARKED_STEP = 1099511627776
-- More rings than this wake nobody else: a woken supervisor claims all it has room for.
local RINGS_KEPT = 8

-- Wakes up to `count` idle supervisors. Cost: O(1).
local function ring(count)
  local rings = math.min(count, RINGS_KEPT - redis.call('LLEN', base .. 'doorbell'))
  for _ = 1, rings do
    redis.call('LPUSH', base .. 'doorbell', 1)
  end
end

local function queued_count()
  return redis.call('ZCARD', base .. 'task_queue:0') + redis.call('ZCARD', base .. 'task_queue:1')
    + redis.call('ZCARD', base .. 'task_queue:2')
end

local function enqueue(task_id, priority, sequence)
  redis.call('ZADD', base .. 'task_queue:' .. priority, sequence, task_id)
end

local function park(task_id, job_type, priority, sequence)
  redis.call('ZADD', base .. 'parked:' .. job_type, priority * PARKED_STEP + sequence, task_id)
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

-- The running task of a type has ended or goes back: the type is free for the next one.
local function release_type(job_type, task_id)
  if redis.call('GET', base .. 'type:' .. job_type) == task_id then
    redis.call('DEL', base .. 'type:' .. job_type)
    unpark(job_type)
  end
end
