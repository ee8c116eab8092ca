/** `dayline datasets`: the catalogue in a terminal, group by group. */
import type { DatasetSummary } from '../api/datasets.ts';
import { GROUPS, type Group } from '../datasets/groups.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';

export interface DatasetFilter {
  /** Words of what they are called. */
  q?: string;
  group?: string;
  /** Only those that an account with so many points may use. */
  points?: string;
  available?: boolean;
}

/** Lists the datasets. @returns exit code */
export async function showDatasets(
  client: ApiClient,
  { json, ...filter }: DatasetFilter & Shown,
): Promise<number> {
  const query = new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const { datasets } = await client.get<{ datasets: DatasetSummary[] }>(`/datasets?${query}`);
  if (json) return printJson(datasets);
  const header = say('dataset,title,modes,points,note', '数据集,名称,模式,积分,备注');
  const [names, rule, ...lines] = table(header.split(','), datasets.map(cells)).split('\n');
  console.log(`${names}\n${rule}`);
  datasets.forEach((dataset, index) => {
    if (dataset.group !== datasets[index - 1]?.group) console.log(`\n${groupTitle(dataset.group)}`);
    console.log(lines[index]);
  });
  console.log(`\n${say(`${datasets.length} datasets.`, `共 ${datasets.length} 个数据集。`)}`);
  return 0;
}

function cells(dataset: DatasetSummary): (string | number | null)[] {
  const { name, title, modes, points } = dataset;
  return [name, say(title.en, title.zh), modes.join(' '), points, note(dataset)];
}

/** One or two words; the whole sentence comes with a submission, and with the dataset over HTTP. */
function note({ retired, unavailable, permission }: DatasetSummary): string {
  if (retired) return unavailable ? say('retired', '已下线') : say('not updated', '已停更');
  if (unavailable) return say('not yet', '暂不支持');
  return permission === 'separate' ? say('own permission', '单独权限') : '';
}

const groupTitle = (group: Group): string => `${group}  ${say(GROUPS[group].en, GROUPS[group].zh)}`;
