import type { Answer } from './answer.ts';
import { successBody } from './body.ts';
import type { Content, FaultRule } from './faults.ts';

type Cells = unknown[];

const EVERY_TENTH = 10;

/** The body of an answer with a fault in its content. */
export function faultyBody(fault: Content, answer: Answer, rule: FaultRule): { body: string; rows: number } {
  const changed = changedAnswer(fault, answer, rule);
  const body = changedBody(fault, successBody(changed));
  return { body, rows: changed.rows.length };
}

function changedAnswer(fault: Content, answer: Answer, rule: FaultRule): Answer {
  const { fields, rows } = answer;
  switch (fault) {
    // Cut short without a sign of it, as TuShare does at its row caps.
    case 'truncated':
      return { ...answer, rows: rows.slice(0, rule.rows ?? Math.floor(rows.length / 2)), hasMore: false };
    case 'empty':
      return { ...answer, rows: [], hasMore: false };
    case 'late_publication':
      return { ...answer, rows: withoutNewestDay(answer) };
    case 'duplicate_rows':
      return { ...answer, rows: rows.slice(0, rule.rows ?? EVERY_TENTH).concat(rows) };
    case 'restated':
      return { ...answer, rows: rows.map((row, n) => (n % EVERY_TENTH === 0 ? edited(row, restate) : row)) };
    case 'wrong_types':
      return { ...answer, rows: rows.map((row) => edited(row, (cells) => cells.map(otherType))) };
    case 'extra_columns':
      return {
        ...answer,
        fields: [...fields, 'undocumented'],
        rows: rows.map((row) => edited(row, (cells) => [...cells, 1])),
      };
    case 'missing_columns':
      return {
        ...answer,
        fields: fields.slice(0, -1),
        rows: rows.map((row) => edited(row, (cells) => cells.slice(0, -1))),
      };
    // Other order of columns and of rows: the same data.
    case 'reordered':
      return {
        ...answer,
        fields: fields.toReversed(),
        rows: rows.toReversed().map((row) => edited(row, (cells) => cells.toReversed())),
      };
    default:
      return answer;
  }
}

function changedBody(fault: Content, body: string): string {
  switch (fault) {
    case 'null_data':
      return JSON.stringify({ ...JSON.parse(body), data: null });
    // Older bodies have neither has_more nor a text in msg.
    case 'no_has_more':
      return body.replace(/,"has_more":\w+,"count":-1\},"msg":""\}$/, ',"count":-1},"msg":null}');
    case 'body_2026':
      return body.replace(/"count":-1\},"msg":""\}$/, '"count":0},"msg":"","detail":null}');
    default:
      return body;
  }
}

/** Each number becomes text and each text a number or nothing: what a client must refuse to store. */
function otherType(cell: unknown): unknown {
  if (typeof cell === 'number') return cell > 0 ? `${cell}元` : { value: cell };
  return typeof cell === 'string' ? [cell] : cell;
}

/** The upstream corrects a published value: the last number of the row grows by a thousandth and a bit. */
function restate(cells: Cells): Cells {
  const place = cells.findLastIndex((cell) => typeof cell === 'number');
  return cells.map((cell, n) => (n === place ? Math.round(Number(cell) * 1001 + 1) / 1000 : cell));
}

function withoutNewestDay({ fields, rows }: Answer): string[] {
  const place = fields.findIndex((name) => name === 'trade_date' || name === 'cal_date');
  const dates = rows.map((row) => String(JSON.parse(row)[place]));
  const newest = dates.reduce((a, b) => (a > b ? a : b), '');
  return rows.filter((_, n) => place === -1 || dates[n] !== newest);
}

function edited(row: string, change: (cells: Cells) => Cells): string {
  return JSON.stringify(change(JSON.parse(row)));
}
