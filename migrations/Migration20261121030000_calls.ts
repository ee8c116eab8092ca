import { Migration } from '@mikro-orm/migrations';

/** Until when calls were made, for a Redis that was emptied (src/store/call-times.ts). */
export class Migration20261121030000_calls extends Migration {
  override up(): void {
    this.addSql(`create table call_times (
      window_key text primary key,
      calls_until timestamptz not null
    )`);
  }
}
