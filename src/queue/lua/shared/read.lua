--- @include fields
-- Reads a whole task: { params, field, value, field, value, … }, or false when there is none.
local function read_task(task_id)
  local fields = redis.call('HGETALL', task_key(task_id))
  if #fields == 0 then
    return false
  end
  local first = false
  for i = 1, #fields, 2 do
    if fields[i] == 'params' then
      first = fields[i + 1]
    end
  end
  table.insert(fields, 1, params_of(task_id, first))
  return fields
end
