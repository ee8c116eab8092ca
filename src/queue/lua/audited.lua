#!lua flags=allow-oom
-- Postgres has these entries: they leave the list, and the 7 days of what they name begin. Those of a task begin with
-- its execution's while that lives: it may run for longer, and what has failed in it can be retried to the end.
--
-- KEYS[1]  key base
-- ARGV     2 an entry, in the order of unaudited.lua: fate (stored | refused: Postgres can't hold it), entry
-- Returns  how many were removed: fewer than given when another auditor was faster
-- Atomic   an entry is in the list until the days of its task run. Entries leave from the head only, so one that is
--          not the head has been removed by another auditor.
-- Cost     O(log n) an entry, and a task of an execution that has ended.
--- @include audit
--- @include days
-- What has moved on since (its next end has an entry of its own) must not expire now.
local function has_ended_so(entry)
  local f = redis.call('HMGET', base .. entry.kind .. ':' .. entry.id, 'status', 'attempt')
  return f[1] == entry.status and tonumber(f[2] or 0) == entry.attempt
end

local function is_part_of_living(task_id)
  local f = redis.call('HMGET', task_key(task_id), 'execution_id', 'retried_as')
  local status = f[1] and not f[2] and redis.call('HGET', base .. 'execution:' .. f[1], 'status')
  return status == 'pending' or status == 'running'
end

local function days_begin(entry)
  if entry.kind == 'task' and is_part_of_living(entry.id) then
    hold_days('task', entry.id)
    return
  end
  start_days(entry.kind, entry.id)
  if entry.kind == 'execution' then
    for _, task_id in ipairs(redis.call('HVALS', base .. 'members:' .. entry.id)) do
      if has_days('task', task_id) then
        start_days('task', task_id)
      end
    end
  end
end

local removed = 0
for i = 1, #ARGV, 2 do
  local fate, text = ARGV[i], ARGV[i + 1]
  if redis.call('LINDEX', base .. 'audit', 0) == text then
    redis.call('LPOP', base .. 'audit')
    removed = removed + 1
    local entry = read_entry(text)
    if fate == 'refused' then
      redis.call('RPUSH', base .. 'audit_refused', text)
    elseif KEYS_OF[entry.kind] and has_ended_so(entry) then
      days_begin(entry)
    end
  end
end
return removed
