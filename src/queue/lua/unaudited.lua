-- The oldest terminal states that Postgres does not have yet, for one auditor at a time.
--
-- KEYS[1]  key base
-- ARGV     auditor, lease_ms, limit (entries at most), bytes (of tasks, about, at most)
-- Returns  { entry (JSON: kind, id, status, attempt, at, counts), task (as read.lua) or execution ({ field, value,
--          … }), nil when it is gone, entry, … }; nothing when nothing waits or another auditor is at it
-- Atomic   an entry comes with what it names as that is now. A task has ended for good, so it will always be so.
--          Entries stay in the list until audited.lua removes them. The lease only saves two auditors from doing the
--          same work: nothing is lost or doubled when it lapses in the middle.
-- Cost     O(limit).
--- @include audit
--- @include read
local lease = base .. 'auditor'
local holder = redis.call('GET', lease)
if holder and holder ~= ARGV[1] then
  return {}
end
local entries = redis.call('LRANGE', base .. 'audit', 0, tonumber(ARGV[3]) - 1)
if #entries == 0 then
  redis.call('DEL', lease)
  return {}
end
-- A full Redis lets a script go on whose first write needs no memory; copying is what empties it.
redis.call('DEL', lease)
redis.call('SET', lease, ARGV[1], 'PX', ARGV[2])

local function read_subject(entry)
  if entry.kind == 'task' then
    return read_task(entry.id)
  end
  local fields = entry.kind == 'execution' and redis.call('HGETALL', base .. 'execution:' .. entry.id) or {}
  return #fields > 0 and fields
end

local reply, bytes = {}, 0
for _, text in ipairs(entries) do
  local subject = read_subject(read_entry(text))
  reply[#reply + 1] = text
  reply[#reply + 1] = subject
  for _, value in ipairs(subject or {}) do
    bytes = bytes + #value
  end
  if bytes > tonumber(ARGV[4]) then
    break
  end
end
return reply
