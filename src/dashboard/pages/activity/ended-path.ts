import type { EndedFilter } from '../../api/activity.ts';
import { queryText } from '../../api/queries.ts';

/** Where the tasks behind a number are listed. */
export const endedPath = (filter: EndedFilter): string => `/activity/tasks${queryText({ ...filter })}`;
