-- What every script starts with: the key base ('{stock}:') and one reading of the clock of Redis, in ms.
local base = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- Redis writes a number of Lua with all its 17 digits, which takes longer than to store it: what is written often
-- is passed as text.
local now_text = string.format('%.0f', now)

local function task_key(task_id)
  return base .. 'task:' .. task_id
end

local function params_key(task_id)
  return base .. 'params:' .. task_id
end
