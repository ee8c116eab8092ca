/** Lists of tasks that several parts of the overview read: asked once, since they ask the same. */

/** Running tasks shown; the rest stand on their own page. */
export const RUNNING_SHOWN = 20;
/** Failed ones looked at: the most that one page of the API holds. */
export const FAILED_LOOKED_AT = 200;
