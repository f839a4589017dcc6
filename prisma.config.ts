import { defineConfig } from 'prisma/config';

/** Migrations need a direct connection; one through a pooler is used only where nothing else is given. */
const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL;

/** These need no schema engine, but the CLI looks for its binary all the same and would go to the network for it. */
const WITHOUT_ENGINE = ['generate', 'validate', 'format'];

if (process.argv.slice(2).some((argument) => WITHOUT_ENGINE.includes(argument))) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url && { datasource: { url } }),
});
