/** The table action_log as MikroORM knows it; action-log.ts reads and writes it. */
import { defineEntity, p } from '@mikro-orm/core';

export const ActionLogEntry = defineEntity({
  name: 'ActionLogEntry',
  tableName: 'action_log',
  properties: {
    id: p.text().primary(),
    at: p.datetime().columnType('timestamptz'),
    actor: p.text(),
    role: p.text(),
    via: p.text(),
    address: p.text(),
    method: p.text(),
    route: p.text(),
    target: p.text().nullable(),
    status: p.integer(),
    outcome: p.text(),
  },
  indexes: [{ name: 'action_log_at_index', properties: ['at', 'id'] }],
});
