import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Api } from '../apis.ts';
import type { Selection } from '../source.ts';
import { readTable } from './csv.ts';
import { LEFT_OUT, type TableFiles } from './tables.ts';

/** Rows of one date, in the files' order; the two arrays run in parallel. */
interface Day {
  readonly codes: number[];
  rows: string[];
}

interface DataFile {
  readonly path: string;
  /** Dates it can contain, by its name; null for the history of one stock or index. */
  readonly span: { readonly from: string; readonly to: string } | null;
  loaded: Promise<void> | null;
}

/** One API's recorded rows. A file is read when a request first reaches into its dates, and then kept. */
export class RecordedTable {
  readonly #api: Api;
  readonly #files: TableFiles;
  readonly #dataFiles: readonly DataFile[];
  readonly #days = new Map<string, Day>();
  readonly #codes = new Map<string, number>();
  #newestFirst: string[] | null = null;
  /** Files load one after the other in the order of their places, so that who wins a row does not depend on luck. */
  #loading: Promise<void> = Promise.resolve();

  constructor(folder: string, api: Api, files: TableFiles) {
    this.#api = api;
    this.#files = files;
    this.#dataFiles = files.places.flatMap((place) => filesAt(join(folder, place))).map(describe);
  }

  get isEmpty(): boolean {
    return this.#dataFiles.length === 0;
  }

  async rows(selection: Selection, atMost: number): Promise<readonly string[]> {
    const { codes, from, to } = selection;
    for (const file of this.#dataFiles) {
      const inside =
        this.#api.dateColumn === null || !file.span || (file.span.from <= to && from <= file.span.to);
      if (inside) await this.#load(file);
    }
    this.#newestFirst ??= [...this.#days.keys()].sort().reverse();
    const dates = from === to ? [from] : this.#newestFirst.filter((date) => from <= date && date <= to);
    const days = (this.#api.dateColumn === null ? this.#newestFirst : dates).flatMap(
      (date) => this.#days.get(date) ?? [],
    );
    const [only] = days;
    if (codes === null && only && days.length === 1) return only.rows;
    const numbers = codes?.flatMap((code) => this.#codes.get(code) ?? []) ?? null;
    const found: string[] = [];
    for (const day of days) {
      if (found.length >= atMost) break;
      for (const place of numbers === null ? day.rows.keys() : placesOf(day, numbers)) {
        found.push(day.rows[place] ?? '');
      }
    }
    return found;
  }

  #load(file: DataFile): Promise<void> {
    file.loaded ??= this.#loading = this.#loading.then(() => this.#read(file));
    return file.loaded;
  }

  async #read(file: DataFile): Promise<void> {
    /** Rows that each day had from other files. */
    const before = new Map<Day, number>();
    await readTable(file.path, this.#api, this.#files, ({ code, date, text }) => {
      const day = this.#days.get(date) ?? { codes: [], rows: [] };
      const number = this.#codes.get(code) ?? this.#codes.size;
      const others = before.get(day) ?? day.codes.length;
      // Histories of single stocks only fill what no whole-market file covers, and may overlap each other.
      const known = file.span ? -1 : day.codes.indexOf(number);
      if ((known >= 0 && known < others) || (!file.span && this.#isCovered(date))) return;
      this.#days.set(date, day);
      this.#codes.set(code, number);
      day.codes.push(number);
      day.rows.push(text);
      before.set(day, others);
    });
    for (const day of before.keys()) {
      day.rows = flat(day.rows);
      await setImmediate();
    }
    this.#newestFirst = null;
  }

  #isCovered(date: string): boolean {
    return this.#dataFiles.some(({ span }) => span && span.from <= date && date <= span.to);
  }
}

/** The same rows cut out of one flat string: put together piece by piece, they hold twice the memory. */
function flat(rows: readonly string[]): string[] {
  return rows.join('\n').split('\n');
}

function placesOf({ codes }: Day, numbers: readonly number[]): number[] {
  return numbers.flatMap((number) => {
    const places: number[] = [];
    for (let at = codes.indexOf(number); at !== -1; at = codes.indexOf(number, at + 1)) places.push(at);
    return places;
  });
}

function filesAt(place: string): string[] {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  const names = readdirSync(place).filter((name) => /\.csv(\.gz)?$/.test(name) && !LEFT_OUT.test(name));
  return names.sort().map((name) => join(place, name));
}

/** `_YYYYMM.csv` holds a month, `_YYYYMMDD.csv` a day, `_YYYYMMDD_YYYYMMDD.csv` a range. */
function describe(path: string): DataFile {
  const [, first, last] = basename(path).match(/_(\d{8}|\d{6})(?:_(\d{8}))?(?:_traded_only)?\.csv/) ?? [];
  if (first === undefined) return { path, span: null, loaded: null };
  const [from, to] = first.length === 6 ? [`${first}01`, `${first}31`] : [first, last ?? first];
  return { path, span: { from, to }, loaded: null };
}
