/** For the MikroORM CLI: `DATABASE_URL=… npx mikro-orm migration:list`. Dayline itself uses src/store/migrate.ts. */
import { loadConfig } from './src/config.ts';
import { ormOptions } from './src/store/orm.ts';

export default ormOptions(loadConfig());
