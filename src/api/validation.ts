/** Turns a schema's complaints into sentences that say which fields are wrong and what was expected. */
import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../errors.ts';
import { allFaults } from '../faults.ts';

/**
 * The error Fastify throws for an input that doesn't fit its schema.
 * @param where the part of the request: body, querystring, params or headers
 */
export function explainValidation(complaints: FastifySchemaValidationError[], where: string): Error {
  return new Error(allFaults(complaints.flatMap((complaint) => explain(complaint, where))));
}

function explain(complaint: FastifySchemaValidationError, where: string): string[] {
  const part = where === 'querystring' ? 'query' : where;
  const field = `${part}${complaint.instancePath.replaceAll('/', '.')}`;
  const params = complaint.params as Record<string, unknown>;
  switch (complaint.keyword) {
    case 'required':
      return list(params.requiredProperties).map((name) => `${field}.${name} is required`);
    case 'additionalProperties':
      return list(params.additionalProperties).map((name) => `${field}.${name} is not known here`);
    case 'enum':
      return [`${field} must be one of ${list(params.allowedValues).join(', ')}`];
    case 'boolean':
      return []; // additionalProperties: false complains once more for the same field
    default:
      return [`${field} ${complaint.message}`];
  }
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map((entry) => String(entry).slice(0, 60)) : [];
}

/** Numbers of a query are given in digits: the conversion that follows would take 1.5, true and 0x10 as well. */
export async function assertWholeNumbers({ query }: FastifyRequest): Promise<void> {
  for (const name of ['limit', 'offset']) {
    const given = (query as Record<string, unknown>)[name];
    if (given !== undefined && !(typeof given === 'string' && /^-?\d+$/.test(given)))
      throw new ApiError('VALIDATION_FAILED', `query.${name} must be a whole number`);
  }
}

const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** A route of the document that names no query takes none: what a caller meant by one would be left undone silently. */
export function refuseUnknownQueries(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.schema?.hide) route.schema = { querystring: NO_QUERY, ...route.schema };
  });
}
