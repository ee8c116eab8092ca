/** The fields that bodies about tasks have in common. */
import { Type } from 'typebox';
import { PRIORITY_NAMES } from './task-view.ts';

export const MODE = Type.String({ maxLength: 20, description: "The dataset's first mode when left out." });
export const PARAMS = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown());

/** What a caller may set of a task beside what it does. */
export const TASK_LIMITS = {
  priority: Type.Optional(Type.Enum(PRIORITY_NAMES)),
  max_attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 21 })),
  timeout_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 * 86_400 })),
};
