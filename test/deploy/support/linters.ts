/** The linters of what Dayline is deployed with. Each takes a text and tells what is wrong with it; nothing: all is well. */
import { DCLinter } from 'dclint';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { parseAllDocuments } from 'yaml';

/** dclint has the Compose specification's schema and rules of its own; those about the order of keys are taste. */
const BY_TASTE = [
  'service-keys-order',
  'services-alphabetical-order',
  'service-dependencies-alphabetical-order',
  'service-ports-alphabetical-order',
  'top-level-properties-order',
];
/** As far as it is used here; the package's own types can't be resolved by Node's rules. */
interface ComposeLinter {
  lintFiles(
    files: string[],
    alsoBelow: boolean,
  ): { messages: { rule: string; line: number; message: string }[] }[];
}
const compose: ComposeLinter = new DCLinter({
  rules: {
    ...Object.fromEntries(BY_TASTE.map((name) => [name, 0])),
    'require-quotes-in-ports': [2, { quoteType: 'double' }],
  },
  quiet: false,
  debug: false,
  exclude: [],
});

/** @param file of a compose file, since dclint reads it itself */
export function composeFaults(file: string): string[] {
  return compose
    .lintFiles([file], false)
    .flatMap(({ messages }) => messages.map(({ rule, line, message }) => `${line}: ${rule}: ${message}`));
}

/** What VS Code's Docker extension tells of a Dockerfile. */
export function dockerfileFaults(text: string): string[] {
  const found = validateDockerfile(text);
  return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

/**
 * Every document against the schema of its kind in Kubernetes' own API (kubernetes-models, compiled from it). A field
 * that the schema has not, a slip of the pen mostly, it lets pass as the API server would unless told otherwise: it is
 * one that no part of the schema has looked at.
 */
export async function kubernetesFaults(text: string): Promise<string[]> {
  const faults: string[] = [];
  for (const document of parseAllDocuments(text)) {
    if (document.errors[0]) throw document.errors[0];
    const manifest = document.toJS();
    const kinds = await import(`kubernetes-models/${manifest.apiVersion}/index`);
    const Kind = kinds[manifest.kind];
    if (!Kind) faults.push(`${manifest.apiVersion} has no ${manifest.kind}`);
    else faults.push(...manifestFaults(Kind, manifest));
  }
  return faults;
}

function manifestFaults(Kind: { prototype: { validate(): void } }, manifest: object): string[] {
  const unread = new Set<string>();
  try {
    Kind.prototype.validate.call(watched(manifest, '', unread));
  } catch (error) {
    return [(error as Error).message];
  }
  return [...unread].map((path) => `${path} is no field of it`);
}

/** A copy that takes a path out of `unread` when somebody reads it. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const pathOf = (name: string) => `${path}/${name}`;
  for (const [name, part] of Object.entries(copy)) {
    unread.add(pathOf(name));
    Object.assign(copy, { [name]: watched(part, pathOf(name), unread) });
  }
  return new Proxy(copy, {
    get(of, name, receiver) {
      unread.delete(pathOf(String(name)));
      return Reflect.get(of, name, receiver);
    },
  });
}
