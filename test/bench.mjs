// npm run bench -- [suite ...] [--json]: builds what is missing and prints how the gate compares, side by side.
import { bootstrap } from './setup/bootstrap.mjs'

await bootstrap()
const { main } = await import('./bench/main.mjs')
process.exitCode = await main(process.argv.slice(2))
