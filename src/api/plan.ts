/** POST /datasets/:name/plan: what a submission would cost, before anything runs. POST /datasets/:name/sync submits it. */
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { warningOf } from '../datasets/refusal.ts';
import { submitTask } from '../queue/submit.ts';
import { TASK_MODES } from '../queue/task.ts';
import type { DataReader } from './data-reader.ts';
import { ok, okSchema } from './envelope.ts';
import { previewOf } from './plan-preview.ts';
import type { ApiDeps } from './server.ts';
import { MODE, PARAMS, TASK_LIMITS } from './task-body.ts';
import { submittedView } from './task-view.ts';
import { SubmittedTaskSchema } from './tasks.ts';

const PlanBody = Type.Union([
  Type.Object(
    { mode: Type.Optional(MODE), params: Type.Optional(PARAMS), ...TASK_LIMITS },
    { additionalProperties: false },
  ),
  Type.Null(),
]);
const orNull = {
  integer: (description: string) => Type.Union([Type.Integer(), Type.Null()], { description }),
  text: (description: string) => Type.Union([Type.String(), Type.Null()], { description }),
};

const PlanSchema = Type.Object({
  dataset: Type.String(),
  mode: Type.Enum([...TASK_MODES]),
  job_type: Type.String(),
  params: Type.Unknown(),
  partitions: Type.Integer({ description: 'Days, codes, months … that would be fetched.' }),
  first: orNull.text('The first day, month or year of them; null: they are none.'),
  last: orNull.text('The last one.'),
  calls: Type.Integer({ description: 'Calls of TuShare, when no answer is cut off unexpectedly.' }),
  minutes: Type.Number({
    description:
      'Until all calls are made, by what the window, the API and its quota leave now, for this alone.',
  }),
  rows: orNull.integer('Estimate; null: nothing says how many.'),
  bytes: orNull.integer('Estimate of what the rows take in Postgres with indexes.'),
  timeout_seconds: Type.Number({ description: 'Deadline of the task, in seconds of running.' }),
  complete: Type.Integer({
    description: 'Partitions of the plan that are complete, and would be fetched again.',
  }),
  skipped: Type.Integer({ description: 'Complete partitions that are left out.' }),
  budget: Type.Object({
    limit: Type.Integer({ description: 'Calls in any window.' }),
    window_seconds: Type.Number(),
    free: Type.Integer({ description: 'Calls that the window has left now.' }),
    calls_per_minute: orNull.integer('That TuShare documents for the API.'),
    calls_left_today: orNull.integer('Of the quota; null: there is none.'),
  }),
  warnings: Type.Array(Type.String()),
});
export type Plan = Static<typeof PlanSchema>;

/** Both answer 503 when Redis is away, /plan also when Postgres is: it knows what is stored already. */
export function planRoutes(deps: ApiDeps, data: DataReader): FastifyPluginAsyncTypebox {
  const params = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) });
  return async (api) => {
    api.post(
      '/datasets/:name/plan',
      // it changes nothing, so it needs no more than a query
      {
        config: { needs: 'read' },
        schema: { params, body: PlanBody, response: { 200: okSchema(PlanSchema) } },
      },
      async (request) => {
        const plan = await previewOf(deps, data, { dataset: request.params.name, ...request.body });
        return ok('PLAN_MADE', `${plan.calls} calls for ${plan.partitions} partitions.`, plan);
      },
    );
    api.post(
      '/datasets/:name/sync',
      { schema: { params, body: PlanBody, response: { 202: okSchema(SubmittedTaskSchema) } } },
      async (request, reply) => {
        const dataset = deps.catalogue.get(request.params.name);
        const task = await submitTask(deps, { ...request.body, dataset: dataset.name });
        reply.status(202);
        const warning = dataset.runner === undefined ? warningOf(dataset) : null;
        return ok('TASK_SUBMITTED', `Submitted ${task.job_type}.`, { ...submittedView(task), warning });
      },
    );
  };
}
