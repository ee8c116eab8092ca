--- @include queue
-- Where a pending task stands, and how many come before it.
--
-- Returns place, ahead; place: queue | parked | blocked | delayed; ahead: queued tasks that are claimed before it,
-- for parked the tasks of its type before it (the running one included), -1 for blocked and delayed.
-- Cost: O(log n).
local function place_of(id, job_type, priority, sequence, execution_id)
  if not redis.call('ZSCORE', base .. 'index:waiting', id) then
    local rank = queue_rank(priority, sequence)
    for higher = 0, priority - 1 do
      rank = rank + queue_length(higher)
    end
    return 'queue', rank
  end
  local parked = redis.call('ZRANK', base .. 'parked:' .. job_type, id)
  if parked then
    return 'parked', parked + redis.call('EXISTS', base .. 'type:' .. job_type)
  end
  if execution_id and redis.call('HEXISTS', base .. 'blocked:' .. execution_id, id) == 1 then
    return 'blocked', -1
  end
  return 'delayed', -1
end
