/**
 * The names of the queue's keys. All of them stand under one hash tag, `{stock}:` by default (the braces are
 * literal), so that Redis Cluster keeps them on one node and accepts scripts that touch several (R23, D33).
 *
 * | key                        | type   | what                                                          |
 * |----------------------------|--------|---------------------------------------------------------------|
 * | `task_queue:{0,1,2}`       | list   | claimable tasks of a priority, in the order of submission      |
 * | `task_queue:<p>:returned`  | zset   | those that came back to their old place, by sequence           |
 * | `task_queue:<p>:removed`   | zset   | cancelled ones that still stand in the list, by sequence       |
 * | `task:<id>`                | hash   | the task; fields that have their default are left out          |
 * | `params:<id>`              | string | its params, when longer than 512 bytes (keeps the hash compact) |
 * | `index:waiting`            | zset   | pending tasks outside the queues, by submission sequence       |
 * | `index:<terminal status>`  | zset   | every task that ended so, by submission sequence               |
 * | `delayed`                  | zset   | pending tasks that wait for a moment, by next_run_at (ms)      |
 * | `parked:<job_type>`        | zset   | pending tasks whose type is busy, by priority, then sequence   |
 * | `execution:<id>`           | hash   | the execution: status, times, its tasks by status              |
 * | `members:<id>`             | hash   | its slots → the tasks that fill them now                       |
 * | `dependencies:<id>`        | hash   | what each slot needs, and which slots need it                  |
 * | `blocked:<id>`             | hash   | its tasks that wait for others → for how many                  |
 * | `blocked`                  | string | how many tasks wait for others, in all executions              |
 * | `executions:<status>`      | zset   | every execution of a status, by submission sequence            |
 * | `running`                  | zset   | running tasks, by lease end (ms)                               |
 * | `type:<job_type>`          | string | the running task of a type                                     |
 * | `fence:<job_type>`         | string | counter, raised by every claim of the type                     |
 * | `sequence`                 | string | counter, raised by every submission                            |
 * | `supervisors`              | zset   | supervisors, by the moment until which they count as alive (ms) |
 * | `supervisor_details`       | hash   | what each of them says of itself (JSON)                        |
 * | `draining`                 | set    | those of them that are to claim nothing new                    |
 * | `doorbell`                 | list   | a few tokens that wake idle supervisors                        |
 * | `bell:<supervisor>`        | list   | a token that wakes one of them, to beat; 2 s                   |
 * | `events`                   | stream | the last transitions, for live views                           |
 * | `audit`                    | list   | terminal states that Postgres does not have yet                |
 * | `audit_refused`            | list   | the few that Postgres can't hold, for a person                 |
 * | `auditor`                  | string | the supervisor that copies the audit list now; a short lease   |
 * | `calls:<id>`               | string | calls to TuShare that a task has used; 8 days                 |
 * | `scheduler`                | string | the supervisor that fires schedules; 5 s                      |
 * | `scheduler:told:<what>`    | string | an alarm of schedules that was told today; 1 day              |
 * | `actions`                  | list   | actions of the API that Postgres does not have yet             |
 * | `expiring`                 | zset   | finished tasks that Postgres has, by the end of their 7 days   |
 */

/** What every key of a prefix starts with: `stock` → `{stock}:`. The scripts get it as their only KEYS entry. */
export function keyBase(prefix: string): string {
  return `{${prefix}}:`;
}

/** The keys that are used outside the scripts; the scripts build their own from the same base. */
export function queueKeys(prefix: string) {
  const base = keyBase(prefix);
  return {
    doorbell: `${base}doorbell`,
    bell: (supervisor_id: string) => `${base}bell:${supervisor_id}`,
    events: `${base}events`,
    audit: `${base}audit`,
    actions: `${base}actions`,
    supervisors: `${base}supervisors`,
    supervisorDetails: `${base}supervisor_details`,
    draining: `${base}draining`,
    task: (task_id: string) => `${base}task:${task_id}`,
    type: (job_type: string) => `${base}type:${job_type}`,
  } as const;
}
