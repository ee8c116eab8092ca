/**
 * The envelope of every answer under /api/v1: `{success, code, message, data}`. Success and error share it,
 * so a client reads one shape.
 */
import { type Static, type TSchema, Type } from 'typebox';

/** An answer that went well: its code, a sentence for people, and the data. */
export interface Ok<T> {
  success: true;
  code: string;
  message: string;
  data: T;
}

/** Wraps the data of an answer. */
export function ok<T>(code: string, message: string, data: T): Ok<T> {
  return { success: true, code, message, data };
}

export const FailureSchema = Type.Object({
  success: Type.Literal(false),
  code: Type.String(),
  message: Type.String(),
  data: Type.Null(),
});
export type Failure = Static<typeof FailureSchema>;

/** Wraps an error: its code and a message fit for the caller. */
export function failure(code: string, message: string): Failure {
  return { success: false, code, message, data: null };
}

/** The schema of an answer whose data follow `data`. Fields that it doesn't name are never sent. */
export function okSchema<T extends TSchema>(data: T) {
  return Type.Object({ success: Type.Literal(true), code: Type.String(), message: Type.String(), data });
}
