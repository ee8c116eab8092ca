import { Migration } from '@mikro-orm/migrations';

/**
 * The time of a partition beside its name, so that the ledger of every dataset can be asked by days: the heatmap and
 * the freshness board. As dateOf of src/sync/coverage-view.ts reads it; NULL where a partition is no time.
 */
export class Migration20261121050000_coverage_time extends Migration {
  override up(): void {
    this.addSql(`alter table coverage add column time text generated always as
      (substring(partition from '(?:^|/)([0-9]{8}|[0-9]{6}|[0-9]{4})$')) stored`);
    this.addSql('create index coverage_time_index on coverage (dataset, time)');
  }

  override down(): void {
    this.addSql('alter table coverage drop column time');
  }
}
