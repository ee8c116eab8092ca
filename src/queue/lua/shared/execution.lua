--- @include base
--- @include audit
-- Executions: tasks that were submitted together, and what they wait for among themselves.
--
--   execution:<id>     hash: status, kind, label, sequence, attempt (times it has ended), total, its times, and how
--                      many of its tasks are pending, running, completed, failed, cancelled
--   members:<id>       hash: slot (0 .. total - 1) → the task that fills it now. A slot comes after its prerequisites.
--   dependencies:<id>  hash: n<slot> → the slots it needs, '0,2'; d<slot> → the slots that need it, kept until it has
--                      completed: a prerequisite is met when it has no d<slot> any more
--   blocked:<id>       hash: waiting task → how many of its prerequisites have not completed yet
--   blocked            counter of all of those
--
--   pending ──first claim──▶ running ──all tasks ended──▶ completed | failed (one at least) | cancelled (one at least)
--      └───all cancelled──▶ cancelled      ▲──────────────────── retry of what failed or was cancelled ──┘

-- The five counts, and the five statuses of tasks.
local COUNTS = { 'pending', 'running', 'completed', 'failed', 'cancelled' }

local function execution_key(id)
  return base .. 'execution:' .. id
end

-- The numbers in '0,2,5', as texts.
local function each_slot(list)
  return string.gmatch(list or '', '%d+')
end

local function move_execution(id, from, to, sequence, set)
  redis.call('ZREM', base .. 'executions:' .. from, id)
  redis.call('ZADD', base .. 'executions:' .. to, sequence, id)
  redis.call('HSET', execution_key(id), 'status', to, unpack(set))
end

-- Appends one line to the live feed.
local function emit_execution(event, id, status)
  local line = { 'event', event, 'execution_id', id, 'status', status }
  for i, count in ipairs(redis.call('HMGET', execution_key(id), unpack(COUNTS))) do
    line[#line + 1] = COUNTS[i]
    line[#line + 1] = count or 0
  end
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', 10000, '*', unpack(line))
end

-- All its tasks have ended. A failed one outweighs a cancelled one, and that a completed one.
local function end_execution(id, from, sequence, failed, cancelled)
  local status = failed > 0 and 'failed' or cancelled > 0 and 'cancelled' or 'completed'
  local attempt = redis.call('HINCRBY', execution_key(id), 'attempt', 1)
  move_execution(id, from, status, sequence, { 'completed_at', now })
  emit_execution('execution_' .. status, id, status)
  note_audit('execution', id, status, attempt, { failed = failed, cancelled = cancelled })
end

-- One of its tasks has changed its status. It ends with the last of them, once: nothing moves in it afterwards.
local function count_task(id, from, to)
  local key = execution_key(id)
  local f = redis.call('HMGET', key, 'status', 'sequence')
  if not f[1] then
    return -- deleted by hand; the task is one by itself
  end
  redis.call('HINCRBY', key, from, -1)
  redis.call('HINCRBY', key, to, 1)
  redis.call('HSET', key, 'updated_at', now)
  if f[1] == 'pending' and to == 'running' then
    move_execution(id, 'pending', 'running', f[2], { 'started_at', now })
    emit_execution('execution_started', id, 'running')
    return
  end
  if to == 'pending' or to == 'running' then
    return
  end
  local counts = redis.call('HMGET', key, unpack(COUNTS))
  if tonumber(counts[1]) + tonumber(counts[2]) == 0 then
    end_execution(id, f[1], f[2], tonumber(counts[4]), tonumber(counts[5]))
  end
end

-- A task waits until `unmet` others have completed.
local function block(execution_id, task_id, sequence, unmet)
  redis.call('HSET', base .. 'blocked:' .. execution_id, task_id, unmet)
  redis.call('ZADD', base .. 'index:waiting', sequence, task_id)
  redis.call('INCR', base .. 'blocked')
end

-- It waits for them no longer. Returns whether it did.
local function unblock(execution_id, task_id)
  if redis.call('HDEL', base .. 'blocked:' .. execution_id, task_id) == 0 then
    return false
  end
  redis.call('DECR', base .. 'blocked')
  return true
end
