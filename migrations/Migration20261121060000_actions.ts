import { Migration } from '@mikro-orm/migrations';

/** What was done through the API, by whom. */
export class Migration20261121060000_actions extends Migration {
  override up(): void {
    this.addSql(`create table if not exists action_log (
      id text primary key,
      at timestamptz not null,
      actor text not null,
      role text not null,
      via text not null,
      address text not null,
      method text not null,
      route text not null,
      target text null,
      status int not null,
      outcome text not null
    )`);
    this.addSql('create index if not exists action_log_at_index on action_log (at, id)');
  }
}
