export { PNPM } from './bootstrap.mjs'
export { createTestDatabase, type DatabaseTemplate, type TestDatabase } from './databases.ts'
export { describeWithChromium, describeWithPostgres, describeWithRedis, useTestDatabase } from './groups.ts'
export { freePort, startPostgres, startRedis } from './services.mjs'
