/** Whether node_modules is what package-lock.json says: plain JavaScript for Node 20, it runs before `npm ci`. */

/**
 * npm writes node_modules/.package-lock.json after an install: the same entries, without those it left out.
 * Only what decides about the contents is compared (version, integrity), not fields that npm versions write differently.
 * @param {{ packages?: Record<string, any> }} wanted package-lock.json
 * @param {{ packages?: Record<string, any> } | undefined} installed node_modules/.package-lock.json, if there is one
 * @param {{ dev: boolean, platform?: string, arch?: string }} options dev: development packages are needed too
 * @returns {string | undefined} the first package that differs, undefined when all is in place
 */
export function firstDifference(
  wanted,
  installed,
  { dev, platform = process.platform, arch = process.arch },
) {
  for (const [place, entry] of Object.entries(wanted.packages ?? {})) {
    if (place === '' || entry.link) continue;
    const have = installed?.packages?.[place];
    if (have) {
      if (have.version !== entry.version || have.integrity !== entry.integrity) return nameOf(place);
      continue;
    }
    const leftOut =
      (!dev && (entry.dev || entry.devOptional)) ||
      (entry.optional && !(allows(entry.os, platform) && allows(entry.cpu, arch) && !entry.libc));
    if (!leftOut && !(entry.optional && !entry.os && !entry.cpu)) return nameOf(place);
  }
  return undefined;
}

/** npm's os and cpu lists: names that may, or names with a ! that may not. */
function allows(value, name) {
  const list = [value ?? []].flat(); // some packages give a single name
  if (list.length === 0) return true;
  if (list.includes(`!${name}`)) return false;
  const named = list.filter((entry) => !entry.startsWith('!'));
  return named.length === 0 || named.includes(name);
}

const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
