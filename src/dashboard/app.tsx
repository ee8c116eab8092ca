/** Which page stands at which address. */
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { CoveragePage } from './pages/coverage/coverage-page.tsx';
import { DatasetPage } from './pages/datasets/dataset-page.tsx';
import { DatasetsPage } from './pages/datasets/datasets-page.tsx';
import { ExecutionPage } from './pages/executions/execution-page.tsx';
import { ExecutionsPage } from './pages/executions/executions-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';
import { SystemPage } from './pages/system/system-page.tsx';
import { TaskPage } from './pages/tasks/task-page.tsx';
import { TasksPage } from './pages/tasks/tasks-page.tsx';
import { WorkersPage } from './pages/workers/workers-page.tsx';
import { Loading } from './parts/states.tsx';
import { Shell } from './shell/shell.tsx';

/** With it comes what puts cron into words, in a file of its own. */
const SchedulesPage = lazy(() => import('./pages/schedules/schedules-page.tsx'));
const ActivityPage = lazy(() => import('./pages/activity/activity-page.tsx'));
const EndedPage = lazy(() => import('./pages/activity/ended-page.tsx'));

export function App() {
  return (
    <Shell>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/coverage" component={CoveragePage} />
        <Route path="/executions" component={ExecutionsPage} />
        <Route path="/executions/:id">{({ id }) => <ExecutionPage id={id} key={id} />}</Route>
        <Route path="/tasks" component={TasksPage} />
        <Route path="/tasks/:id">{({ id }) => <TaskPage id={id} key={id} />}</Route>
        <Route path="/datasets" component={DatasetsPage} />
        <Route path="/datasets/:name">{({ name }) => <DatasetPage name={name} key={name} />}</Route>
        <Route path="/schedules">
          <Suspense fallback={<Loading lines={8} />}>
            <SchedulesPage />
          </Suspense>
        </Route>
        <Route path="/activity">
          <Suspense fallback={<Loading lines={10} />}>
            <ActivityPage />
          </Suspense>
        </Route>
        <Route path="/activity/tasks">
          <Suspense fallback={<Loading lines={8} />}>
            <EndedPage />
          </Suspense>
        </Route>
        <Route path="/workers" component={WorkersPage} />
        <Route path="/system" component={SystemPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </Shell>
  );
}
