import { date, type TableDataset, text } from '../dataset.ts';

/** Economic events of the world, also ahead. Values are texts, as published. */
export default {
  name: 'eco_cal',
  api_name: 'eco_cal',
  group: 'macro',
  title: { zh: '财经日历', en: 'Economic calendar' },
  doc_id: 233,
  points: 2000,
  row_cap: 100,
  calls_per_minute: 20,
  inputs: ['date', 'start_date', 'end_date', 'currency', 'country', 'event'],
  fetch: { by: 'calendar_date', date_field: 'date', ranges: true, ahead_days: 7 },
  market: 'GLOBAL',
  // The documentation names no start.
  history_start: '20170101',
  revisited_days: 3,
  expected: { rows: 'unknown', about: 80, may_be_empty: true },
  key: ['date', 'time', 'country', 'event', 'currency'],
  nullable_key: ['time', 'country', 'event', 'currency'],
  fields: [
    date('date', 'Day'),
    text('time', 'Time of day'),
    text('currency', 'Currency'),
    text('country', 'Country'),
    text('event', 'Event'),
    text('value', 'Value'),
    text('pre_value', 'Value before'),
    text('fore_value', 'Forecast'),
  ],
  replaces_partition: true,
  needs: [],
} satisfies TableDataset;
