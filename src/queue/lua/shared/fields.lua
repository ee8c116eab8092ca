--- @include base
-- What the hash of a task that has not started leaves out: fields that have their default (task-hash.ts has the same
-- ones), so that it stays within 112 bytes.
local DEFAULTS = { status = 'pending', priority = '1', attempt = '0', max_attempts = '4', timeout_seconds = '1800' }

-- The status in a task's hash; false when there is no such task. Every hash has a job_type.
local function status_of(status, job_type)
  return status or (job_type and DEFAULTS.status)
end

-- When it starts, what governs its attempts is written out. Adds the fields that are missing to `set`.
local function write_defaults(set, attempt, max_attempts, timeout_seconds)
  local known = { attempt = attempt, max_attempts = max_attempts, timeout_seconds = timeout_seconds }
  for _, name in ipairs({ 'attempt', 'max_attempts', 'timeout_seconds' }) do
    if not known[name] then
      set[#set + 1] = name
      set[#set + 1] = DEFAULTS[name]
    end
  end
end

-- Parameters stand in fields of 64 bytes at most: params, params_2, params_3, …: a longer value would turn the compact
-- hash (listpack) into a full one, which takes 350 bytes more. Those over 512 bytes have a key of their own.
local PIECE_BYTES = 64
local PIECES_AT_MOST = 8

-- Adds them to a list of field, value, …, or stores their key.
local function store_params(id, params, fields)
  if params == '{}' then
    return
  end
  if #params > PIECE_BYTES * PIECES_AT_MOST then
    redis.call('SET', params_key(id), params)
    return
  end
  for piece = 1, math.ceil(#params / PIECE_BYTES) do
    fields[#fields + 1] = piece == 1 and 'params' or 'params_' .. piece
    fields[#fields + 1] = string.sub(params, (piece - 1) * PIECE_BYTES + 1, piece * PIECE_BYTES)
  end
end

-- The parameters of a task, JSON. first: its field `params`, false when it has none.
local function params_of(id, first)
  if not first then
    return redis.call('GET', params_key(id)) or '{}'
  end
  local params, piece = first, first
  for number = 2, PIECES_AT_MOST do
    if #piece < PIECE_BYTES then
      break
    end
    piece = redis.call('HGET', task_key(id), 'params_' .. number) or ''
    params = params .. piece
  end
  return params
end
