/**
 * What the days of the whole market tell the blocks between them: codes that trade and are in no list (300114.SZ in
 * 2019, which has another code since), and how many of the listed stocks trade at all.
 */
import type { TableDataset } from '../datasets/dataset.ts';
import { quoted } from '../store/sql.ts';
import type { Store } from '../store/store.ts';
import { byCode, type CodeRange, codesIn, type ListedCode } from './code-groups.ts';
import type { TushareAnswer } from './context.ts';
import type { FetchedUnit } from './fetch-unit.ts';
import type { RunUnit } from './job.ts';
import { readListings } from './market.ts';
import { type ByBlocks, groupsOfBlock } from './plan-blocks.ts';
import type { SyncRun } from './sync-task.ts';

/** First and last day on which a code was seen, YYYYMMDD. */
interface Seen {
  first: string;
  last: string;
}

const EXAMPLES = 5;
const ALWAYS = { list_date: '', delist_date: null };

export class BlockMarket {
  readonly #store: Store;
  readonly #sync: SyncRun;
  readonly #seen = new Map<string, Map<string, Seen>>();
  /** Rows of whole-market days that this run fetched, by dataset and day. */
  readonly #rows = new Map<string, number>();
  readonly #codes = new Map<string, Promise<readonly ListedCode[]>>();
  /** Indexes of whole-market units that have not been asked for yet. */
  readonly #waiting: Set<number>;
  readonly #allAsked = Promise.withResolvers<void>();

  constructor(store: Store, sync: SyncRun) {
    this.#store = store;
    this.#sync = sync;
    const withBlocks = new Set(sync.units.filter(({ block }) => block).map(({ dataset }) => dataset));
    const isWhole = ({ dataset, block }: RunUnit) => withBlocks.has(dataset) && !block;
    const waiting = sync.units.flatMap((unit, index) =>
      isWhole(unit) && !sync.settled.has(index) ? [index] : [],
    );
    this.#waiting = new Set(waiting);
    for (const name of withBlocks) this.#seen.set(name, new Map());
    if (waiting.length === 0) this.#allAsked.resolve();
  }

  /** Takes note of who trades, out of an answer for whole-market days. */
  saw({ name, fetch }: TableDataset, unit: RunUnit, { fields, items }: TushareAnswer): void {
    const seen = this.#seen.get(name);
    if (!seen || unit.group) return;
    const { codes, date_field } = fetch as ByBlocks;
    const [codeAt, dateAt] = [fields.indexOf(codes.param), fields.indexOf(date_field)];
    for (const item of items) {
      const [code, date] = [String(item[codeAt]), String(item[dateAt])];
      const known = seen.get(code);
      if (!known) seen.set(code, { first: date, last: date });
      else if (date < known.first) known.first = date;
      else if (date > known.last) known.last = date;
    }
  }

  /** A unit was fetched, or has failed: blocks wait until every whole-market day was asked for once. */
  asked(index: number, fetched: FetchedUnit | null): void {
    if (fetched && this.#seen.has(fetched.unit.dataset) && !fetched.unit.group)
      for (const [at, partition] of fetched.unit.partitions.entries())
        this.#rows.set(`${fetched.unit.dataset} ${partition}`, fetched.fetched[at] ?? 0);
    if (this.#waiting.delete(index) && this.#waiting.size === 0) this.#allAsked.resolve();
  }

  /**
   * Every code that a group may name, in order: those of the stock list, and those that stand in no list, or trade
   * outside the days for which they are listed, for all days.
   */
  codes(dataset: TableDataset): Promise<readonly ListedCode[]> {
    const known = this.#codes.get(dataset.name) ?? this.#readCodes(dataset);
    this.#codes.set(dataset.name, known);
    return known;
  }

  /** The groups of a block, by what is known of its codes and of the stocks that trade. */
  async groupsOf(dataset: TableDataset, unit: RunUnit): Promise<CodeRange[]> {
    const codes = await this.codes(dataset);
    const between = unit.block?.between ?? [];
    const suspended = await Promise.all(between.map((day) => this.#suspended(dataset, day, codes)));
    return groupsOfBlock(dataset, unit, codes, suspended);
  }

  async #readCodes(dataset: TableDataset): Promise<readonly ListedCode[]> {
    await this.#allAsked.promise;
    const listings = new Map(
      byCode(await readListings(this.#store.pool)).map((listing) => [listing.ts_code, listing]),
    );
    const unlisted: string[] = [];
    const add = (ts_code: string) => {
      if (listings.has(ts_code)) return;
      listings.set(ts_code, { ts_code, ...ALWAYS });
      unlisted.push(ts_code);
    };
    const seen = [...(this.#seen.get(dataset.name) ?? []), ...(await this.#stored(dataset))];
    for (const [ts_code, { first, last }] of seen) {
      const listing = listings.get(ts_code);
      const outside = listing && (first < listing.list_date || (listing.delist_date ?? '99999999') <= last);
      if (outside) listings.set(ts_code, { ts_code, ...ALWAYS });
      add(ts_code);
    }
    if (unlisted.length > 0) this.#tell(dataset, unlisted);
    for (const ts_code of await this.#undated()) add(ts_code);
    return byCode([...listings.values()]);
  }

  #tell({ name }: TableDataset, unlisted: readonly string[]): void {
    const examples = unlisted.toSorted().slice(0, EXAMPLES).join(', ');
    const more = unlisted.length > EXAMPLES ? ', …' : '';
    const sentence = `${unlisted.length} codes of ${name} are in no stock list and were asked for as well (${examples}${more}).`;
    if (!this.#sync.warnings.includes(sentence)) this.#sync.warnings.push(sentence);
  }

  /** Codes of which the dataset has rows already: of earlier runs, or of this one before it was interrupted. */
  async #stored({ name, fetch }: TableDataset): Promise<(readonly [string, Seen])[]> {
    const { codes, date_field } = fetch as ByBlocks;
    const [code, day, table] = [quoted(codes.param), quoted(date_field), `public.${quoted(name)}`];
    // from one code to the next by the key's index: the table may have millions of rows
    const { rows } = await this.#store.pool.query<Seen & { code: string }>(
      `WITH RECURSIVE known AS (
         (SELECT ${code} AS code FROM ${table} ORDER BY 1 LIMIT 1)
         UNION ALL
         SELECT (SELECT ${code} FROM ${table} WHERE ${code} > known.code ORDER BY 1 LIMIT 1)
         FROM known WHERE known.code IS NOT NULL
       ) SELECT code,
           (SELECT to_char(min(${day}), 'YYYYMMDD') FROM ${table} WHERE ${code} = known.code) AS first,
           (SELECT to_char(max(${day}), 'YYYYMMDD') FROM ${table} WHERE ${code} = known.code) AS last
         FROM known WHERE code IS NOT NULL`,
    );
    return rows.map(({ code, first, last }) => [code, { first, last }] as const);
  }

  /** Codes of the stock list without a first day, and those of code changes. */
  async #undated(): Promise<string[]> {
    const { rows } = await this.#store.pool.query<{ code: string }>(
      `SELECT ts_code AS code FROM public.stock_basic WHERE list_date IS NULL
       UNION SELECT old_code FROM code_changes UNION SELECT new_code FROM code_changes`,
    );
    return rows.map((row) => row.code);
  }

  /** Share of the listed stocks without a row on a whole-market day; null: the day has none, or is not known. */
  async #suspended(
    { name }: TableDataset,
    day: string,
    codes: readonly ListedCode[],
  ): Promise<number | null> {
    const rows = this.#rows.get(`${name} ${day}`) ?? (await this.#rowsInLedger(name, day));
    const listed = codesIn({ from: '', before: null }, codes, [day]).length;
    return rows > 0 && listed > 0 ? Math.max(0, 1 - rows / listed) : null;
  }

  async #rowsInLedger(name: string, day: string): Promise<number> {
    const { rows } = await this.#store.pool.query<{ fetched_rows: number }>(
      'SELECT fetched_rows FROM coverage WHERE dataset = $1 AND partition = $2',
      [name, day],
    );
    return rows[0]?.fetched_rows ?? 0;
  }
}
