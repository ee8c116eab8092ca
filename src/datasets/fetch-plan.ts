/**
 * How a dataset is asked for. A plan says which calls exist, never how many are made: the planner packs, splits
 * and orders them. What one call is meant to bring is a partition of the coverage ledger.
 */

interface Asking {
  /** Parameters that every call carries: `{ exchange: 'SSE' }`. */
  readonly params?: Readonly<Record<string, string>>;
  /**
   * Parameters that are walked through: one call per value, or per combination of values. The rows carry the
   * value in the field of the same name where there is one.
   */
  readonly each?: Readonly<Record<string, readonly string[]>>;
}

/** One partition a trading day (`trade_date`) or a calendar day (`calendar_date`). */
export interface ByDay extends Asking {
  readonly by: 'trade_date' | 'calendar_date';
  /** Field of a row that says which day it belongs to. */
  readonly date_field: string;
  /** Parameter that asks for one day; the name of date_field where it is left out. */
  readonly param?: string;
  /** Whether start_date and end_date ask for date_field from..to, both counted: then days can share a call. */
  readonly ranges: boolean;
  /** Exchange in trade_cal whose open days are the trading days; SSE where it is left out. */
  readonly exchange?: string;
  /**
   * Which of the days have rows; all where it is left out. The last trading day of the week or month; of calendar
   * days the Friday and the end of the month.
   */
  readonly days?: 'last_of_week' | 'last_of_month';
  /** Where the API takes codes beside days: a history is then fetched by groups of codes, so that calls are full. */
  readonly codes?: DayCodes;
  /** Days after today that have rows already: unlocks of shares, an economic calendar. */
  readonly ahead_days?: number;
}

/** Codes of stock_basic in a call for days. */
export interface DayCodes {
  readonly param: string;
  /** Codes that one call may name, with commas between them. */
  readonly batch: number;
}

/** One partition a calendar year, asked for with start_date and end_date; years share a call under the cap. */
export interface ByYear extends Asking {
  readonly by: 'year';
  readonly date_field: string;
  /** The last year there is: a calendar is known ahead. */
  readonly until: 'this_year' | 'next_year';
}

/** One partition a report period: the quarter ends 0331, 0630, 0930, 1231. */
export interface ByPeriod extends Asking {
  readonly by: 'period';
  readonly date_field: string;
  /** Parameter that takes the period as YYYYMMDD. */
  readonly param: string;
}

/** One partition a month, YYYYMM. */
export interface ByMonth extends Asking {
  readonly by: 'month';
  readonly date_field: string;
  /** Parameter that takes the month. */
  readonly param: string;
}

/** One partition a code out of another dataset's table; or a code and a window of time, where a history is long. */
export interface ByCode extends Asking {
  readonly by: 'code';
  /** Parameter that takes the code, and the field of a row that carries it. */
  readonly param: string;
  readonly code_field: string;
  readonly codes: CodeSource;
  /** Codes that one call may name, with commas between them; 1 where it is left out. */
  readonly batch?: number;
  /** Where start_date and end_date select by a field: a code's history is cut so that no call reaches the cap. */
  readonly window?: { readonly date_field: string; readonly rows_per_year: number };
}

export interface CodeSource {
  /** Dataset whose table lists the codes; it stands in `needs` too. */
  readonly dataset: string;
  readonly field: string;
  /** Only rows with one of these values: `{ market: ['E'] }`. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Only codes with a row whose date in this field lies inside the days asked for: those that have news. */
  readonly dated_by?: string;
}

/** One partition a value of one parameter: `list_status` L, D, P, G. */
export interface ByValue extends Asking {
  readonly by: 'value';
  readonly param: string;
  readonly values: readonly string[];
}

/** One partition in all: one call brings everything, and past the row cap limit and offset do. */
export interface Whole extends Asking {
  readonly by: 'whole';
}

/** Nothing is fetched unless a submission names the symbol: minute bars and what is only true at this moment. */
export interface OnRequest extends Asking {
  readonly by: 'request';
  /** Parameters that a submission must give. */
  readonly wants: readonly string[];
  /** Parameters that it may give. */
  readonly takes?: readonly string[];
}

export type FetchPlan = ByDay | ByYear | ByPeriod | ByMonth | ByCode | ByValue | Whole | OnRequest;

/** Parameters of the API that the calls of a plan give it. */
export function givenParams(plan: FetchPlan): string[] {
  const given = new Set([...Object.keys(plan.params ?? {}), ...Object.keys(plan.each ?? {})]);
  const range = () => given.add('start_date').add('end_date');
  if (plan.by === 'trade_date' || plan.by === 'calendar_date') {
    given.add(dayParam(plan));
    if (plan.ranges) range();
  } else if (plan.by === 'year') range();
  else if (plan.by === 'request') for (const name of [...plan.wants, ...(plan.takes ?? [])]) given.add(name);
  else if ('param' in plan && plan.param) given.add(plan.param);
  if (plan.by === 'code' && plan.window) range();
  return [...given];
}

/** The parameter that asks for one day. */
export const dayParam = (plan: ByDay): string => plan.param ?? plan.date_field;
