// `npm start [-- --once --json]`: installs and builds what is missing, then runs the demo.
import { bootstrap } from '../test/setup/bootstrap.mjs'

await bootstrap({ projects: ['examples'] })
await import('./dist/demo/main.js')
