/** The web application: one Fastify instance, with the envelope under /api/v1 and /health, /ready, /docs beside it. */
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createLogger } from '../log.ts';
import type { SubmitDeps } from '../queue/submit.ts';
import { secretHider } from '../redact.ts';
import { syncJobRegistry } from '../sync/scheduled-jobs.ts';
import { guardRoutes } from './access.ts';
import { ActionLog } from './action-log.ts';
import { actionRoutes } from './actions.ts';
import { activityRoutes } from './activity.ts';
import { activityRunRoutes } from './activity-runs.ts';
import { assertMayListen } from './auth.ts';
import { bulkTaskRoutes } from './bulk-tasks.ts';
import { codeChangeRoutes } from './code-changes.ts';
import { ANSWER_POLICY, DOCS_POLICY } from './content-policy.ts';
import { coverageRoutes } from './coverage.ts';
import { coverageDayRoutes } from './coverage-day.ts';
import { coverageGridRoutes } from './coverage-grid.ts';
import { pageOrUnknown, serveDashboard } from './dashboard.ts';
import { DataReader } from './data-reader.ts';
import { datasetRoutes } from './datasets.ts';
import { answerBrokenRequest, answerErrors, answerUnknownPath } from './error-handler.ts';
import { eventRoutes } from './events.ts';
import { executionRoutes } from './executions.ts';
import { firingRoutes } from './firings.ts';
import { freshnessRoutes } from './freshness.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import type { HistoryReader } from './history-reader.ts';
import { limitRoutes } from './limits.ts';
import { metricsRoute } from './metrics.ts';
import { planRoutes } from './plan.ts';
import type { PostgresProbe } from './postgres-probe.ts';
import { proxyTestRoutes } from './proxy-test.ts';
import { limitRequests } from './rate-limit.ts';
import { rowRoutes } from './rows.ts';
import { schedulerRoutes } from './scheduler.ts';
import { searchRoutes } from './search.ts';
import { sessionRoutes } from './session.ts';
import { SESSION_COOKIE } from './session-cookie.ts';
import { supervisorRoutes } from './supervisors.ts';
import { taskRunRoutes } from './task-runs.ts';
import { taskRoutes } from './tasks.ts';
import { assertWholeNumbers, explainValidation, refuseUnknownQueries } from './validation.ts';

/** Largest body taken, in bytes: a submission with some thousand dates fits. */
const BODY_LIMIT = 256 * 1024;

/** Answers of at least so many bytes are compressed: a task is smaller, and is asked for often. */
const COMPRESSED_FROM_BYTES = 4_096;

export interface ApiDeps extends SubmitDeps {
  postgres: PostgresProbe;
  history: HistoryReader;
}

/** Builds the application; it doesn't listen yet. @throws ConfigError when it would be open to strangers */
export async function buildServer(deps: ApiDeps): Promise<FastifyInstance> {
  const { config } = deps;
  assertMayListen(config);
  const jobs = syncJobRegistry(deps, async () => deps.catalogue);
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: (_address, hop) => hop < config.TRUSTED_PROXIES,
    loggerInstance: createLogger('web', config.LOG_LEVEL, secretHider(config)) as FastifyBaseLogger,
    // one line a request would drown the rest; errors are logged
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true, // keep-alive connections must not hold up a shutdown
    schemaErrorFormatter: explainValidation,
    frameworkErrors: answerUnknownPath,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.removeContentTypeParser('text/plain'); // a foreign page may send that without asking first
  answerErrors(app, pageOrUnknown);
  const data = new DataReader(config);
  app.addHook('onClose', () => data.close());

  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: ANSWER_POLICY },
    strictTransportSecurity: false, // on plain http a browser must not be sent to https
  });
  // what nginx would do; the feed of events stays as it is, and the page's files were compressed when it was built
  const encodings = ['gzip' as const];
  await app.register(compress, { encodings, threshold: COMPRESSED_FROM_BYTES, globalDecompression: false });
  app.decorateRequest('caller', null);
  const limitLogins = await limitRequests(app);
  await app.register(cookie);
  const actionLog = new ActionLog(deps, app.log);
  actionLog.start();
  app.addHook('onClose', () => actionLog.stop());
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0', // it has null as a type of its own, as our answers have
      info: {
        title: 'Dayline',
        version: '1',
        description: 'Every answer is {success, code, message, data}.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    // no validator, which would show the document to its maker's host; no bar with a logo that has styles in it
    uiConfig: { validatorUrl: null, layout: 'BaseLayout' },
  });

  refuseUnknownQueries(app);
  await app.register(healthRoutes(deps, jobs));
  await app.register(metricsRoute(deps, data));
  await app.register(serveDashboard);
  await app.register(
    async (api) => {
      guardRoutes(api, deps, actionLog);
      api.addHook('preValidation', assertWholeNumbers);
      answerErrors(api); // unknown routes under the prefix pass the hook too
      await api.register(sessionRoutes(deps, limitLogins));
      await api.register(actionRoutes(deps, actionLog));
      await api.register(taskRoutes(deps));
      await api.register(bulkTaskRoutes(deps));
      await api.register(taskRunRoutes(deps));
      await api.register(executionRoutes(deps));
      await api.register(datasetRoutes(deps.catalogue, data));
      await api.register(planRoutes(deps, data));
      await api.register(coverageRoutes(deps.catalogue, data));
      await api.register(coverageGridRoutes(deps, data));
      await api.register(coverageDayRoutes(deps.catalogue, data));
      await api.register(freshnessRoutes(deps, data));
      await api.register(rowRoutes(deps.catalogue, data));
      await api.register(codeChangeRoutes(data));
      await api.register(historyRoutes(deps));
      await api.register(activityRoutes(data));
      await api.register(activityRunRoutes(data));
      await api.register(searchRoutes(deps));
      await api.register(supervisorRoutes(deps));
      await api.register(proxyTestRoutes(deps));
      await api.register(limitRoutes(deps));
      await api.register(schedulerRoutes(deps, jobs));
      await api.register(firingRoutes(deps));
      await api.register(eventRoutes(deps));
    },
    { prefix: '/api/v1' },
  );
  return app;
}
