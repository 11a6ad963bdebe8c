// `npm run sbom [-- folder]`: writes what each published package is made of, and all of them, as CycloneDX 1.6.
import { bootstrap } from './setup/bootstrap.mjs'

await bootstrap({ projects: ['test'] })
const { main } = await import('./dist/supply/main.js')
for (const path of main(process.argv[2] ?? 'sbom')) process.stdout.write(`${path}\n`)
