-- Closes an API, or everything, for all processes; a closure that is there already is only ever made longer.
--
-- KEYS[1]  the closures: hash of scope -> JSON { until, reason, kind, probes, next_probe_at }
-- ARGV     scope (an api_name, or 'all'), closed_for_ms (-1: until a person reopens it), reason, kind,
--          '1' when the refused call was the probe, then the pauses before each probe in ms (none: never probed)
-- Returns  until (ms, clock of Redis; -1 until a person reopens it)
-- Atomic   many calls are refused at the same moment: they make one closure, with one row of probes.
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local scope, closed_for, reason, kind, was_probe = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5] == '1'

local stored = redis.call('HGET', KEYS[1], scope)
local closure = stored and cjson.decode(stored) or nil
if closure and closure['until'] >= 0 and closure['until'] <= now then
  closure = nil
end

-- One row of probes for a closure: after the last one has failed there is none, only the end of the closure.
local function probe_after(probes)
  local pause = tonumber(ARGV[6 + probes])
  return pause and now + pause or -1
end

local ends = closed_for < 0 and -1 or now + closed_for
if not closure then
  closure = { ['until'] = ends, reason = reason, kind = kind, probes = 0, next_probe_at = probe_after(0) }
else
  if closure['until'] >= 0 and (ends < 0 or ends > closure['until']) then
    -- a longer limit of another kind is the one that counts, and it is not probed
    if closure.kind ~= kind then
      closure.next_probe_at = probe_after(0)
    end
    closure['until'], closure.reason, closure.kind = ends, reason, kind
  end
  if was_probe and closure.kind == kind then
    closure.probes = closure.probes + 1
    closure.next_probe_at = probe_after(closure.probes)
  end
end
redis.call('HSET', KEYS[1], scope, cjson.encode(closure))

-- The key ends with the last closure in it.
local last = 0
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local one = cjson.decode(text)['until']
  if one < 0 then
    last = -1
    break
  end
  last = math.max(last, one)
end
if last < 0 then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIREAT', KEYS[1], last)
end
return closure['until']
