// `node examples/offline-sync/start.mjs [--json]`: installs and builds what is missing, then runs the example.
import { bootstrap } from '../../test/setup/bootstrap.mjs'

await bootstrap({ projects: ['examples'] })
await import('../dist/offline-sync/main.js')
