/** The OpenAPI document as the fuzz reads it. */

/** As much of JSON schema as the document uses. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  body: Schema | undefined;
  /** Schema of the JSON answer by status (200, 4XX); undefined: it is no JSON. */
  answers: Map<string, Schema | undefined>;
}

type Content = { content?: Record<string, { schema?: Schema }> };
interface RawOperation {
  parameters?: Parameter[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}

const jsonOf = (part: Content | undefined): Schema | undefined => part?.content?.['application/json']?.schema;

export function operationsOf(document: { paths: Record<string, Record<string, RawOperation>> }): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      method: method.toUpperCase(),
      path,
      parameters: raw.parameters ?? [],
      body: jsonOf(raw.requestBody),
      answers: new Map(Object.entries(raw.responses ?? {}).map(([status, part]) => [status, jsonOf(part)])),
    })),
  );
}
