/** The figures of Postgres for /metrics, asked at most once a minute, however often somebody scrapes. */

import type { FastifyBaseLogger } from 'fastify';
import { monotonicMs } from '../clock.ts';
import { readFigures, type StoredFigures } from '../store/figures.ts';
import type { DataReader } from './data-reader.ts';

const KEPT_MS = 60_000;

export class FigureReader {
  readonly #data: DataReader;
  readonly #log: FastifyBaseLogger;
  #kept: { at: number; figures: Promise<StoredFigures | null> } | undefined;

  constructor(data: DataReader, log: FastifyBaseLogger) {
    this.#data = data;
    this.#log = log;
  }

  /** null: Postgres does not tell; it is asked again at the next call. */
  async read(): Promise<StoredFigures | null> {
    if (!this.#data.exists) return null;
    const now = monotonicMs();
    if (!this.#kept || now - this.#kept.at > KEPT_MS) {
      const figures = this.#data.ask(readFigures).catch((error) => {
        this.#log.warn({ err: error }, '/metrics has no figures of Postgres');
        return null;
      });
      this.#kept = { at: now, figures };
    }
    const figures = await this.#kept.figures;
    if (!figures) this.#kept = undefined;
    return figures;
  }
}
