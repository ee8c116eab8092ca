#!lua flags=allow-oom
-- Postgres has these entries: they leave the list, and the 7 days of what they name begin.
--
-- KEYS[1]  key base
-- ARGV     2 an entry, in the order of unaudited.lua: fate (stored | refused: Postgres can't hold it), entry
-- Returns  how many were removed: fewer than given when another auditor was faster
-- Atomic   an entry is in the list until the days of its task run. Entries leave from the head only, so one that is
--          not the head has been removed by another auditor.
-- Cost     O(log n) an entry.
--- @include audit
--- @include days
-- What has moved on since (its next end has an entry of its own) must not expire now.
local function has_ended_so(entry)
  local f = redis.call('HMGET', base .. entry.kind .. ':' .. entry.id, 'status', 'attempt')
  return f[1] == entry.status and tonumber(f[2] or 0) == entry.attempt
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
      start_days(entry.kind, entry.id)
    end
  end
end
return removed
