--- @include ending
--- @include enqueue
--- @include fields
-- Cancels a pending task, wherever it waits: queue, parked, delayed or blocked.
-- task: { id, status, job_type, sequence, priority, attempt, execution_id, slot }. Cost: O(log n).
local function cancel_waiting(task)
  local was_queued = not redis.call('ZSCORE', base .. 'index:waiting', task.id)
  if was_queued then
    remove_queued(task.id, task.priority, task.sequence)
  else
    redis.call('ZREM', base .. 'delayed', task.id)
    redis.call('ZREM', base .. 'parked:' .. task.job_type, task.id)
    if task.execution_id then
      unblock(task.execution_id, task.id)
    end
  end
  end_task(task, 'cancelled', 'cancelled', task.attempt, {}, { 'next_run_at', 'time_left_ms' })
  -- It may have been the one that was un-parked for its type: the next in line must not wait for ever.
  if was_queued and redis.call('EXISTS', base .. 'type:' .. task.job_type) == 0 then
    unpark(task.job_type)
    ring_for_queued()
  end
end

-- Reads a task to cancel; its status is false when there is none.
local function waiting_task(id)
  local f = redis.call('HMGET', task_key(id), 'status', 'job_type', 'sequence', 'priority', 'attempt', 'execution_id',
    'slot')
  return {
    id = id, status = status_of(f[1], f[2]), job_type = f[2], sequence = tonumber(f[3]), priority = f[4] or '1',
    attempt = tonumber(f[5] or 0), execution_id = f[6], slot = f[7],
  }
end
