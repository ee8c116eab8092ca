--- @include base
-- Reads a whole task: { params, field, value, field, value, … }, or false when there is none.
local function read_task(task_id)
  local fields = redis.call('HGETALL', task_key(task_id))
  if #fields == 0 then
    return false
  end
  local params = redis.call('HGET', task_key(task_id), 'params') or redis.call('GET', params_key(task_id)) or '{}'
  table.insert(fields, 1, params)
  return fields
end
