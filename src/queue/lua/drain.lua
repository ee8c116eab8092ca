#!lua flags=allow-oom
-- Wishes that a supervisor drains: it ends what it runs and claims nothing new. Or takes the wish back.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id, 1 drain, 0 resume
-- Returns  1; 0 when no such supervisor is alive, and nothing has changed
-- Atomic   the wish is written beside a heartbeat that is there: tick.lua tells it to the supervisor, and forgets it
--          with the supervisor. One at rest is woken, so that it beats.
-- Cost     O(log n).
--- @include append
local alive_until = tonumber(redis.call('ZSCORE', base .. 'supervisors', ARGV[1]))
if not alive_until or alive_until < now then
  return 0
end
redis.call(ARGV[2] == '1' and 'SADD' or 'SREM', base .. 'draining', ARGV[1])
wake(ARGV[1])
return 1
