import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GovernanceError } from '@preceptor/client'

/** One file of the built page. */
export interface AppFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

/** The built page. */
export interface AppFiles {
  readonly index: string
  /** By path below the page, such as `assets/index-1a2b3c.js`; each name holds a hash of the content. */
  readonly assets: ReadonlyMap<string, AppFile>
}

// The same from src and from dist.
const FOLDER = fileURLToPath(new URL('../dist/app', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** Reads the built page into memory. @throws GovernanceError `INTERNAL` when it was not built. */
export function readAppFiles(folder: string = FOLDER): AppFiles {
  try {
    const index = readFileSync(join(folder, 'index.html'), 'utf8')
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/'))
    const assets = paths.flatMap((path) => {
      const type = TYPES[path.split('.').at(-1) ?? '']
      if (type === undefined) return []
      const bytes = new Uint8Array(readFileSync(join(folder, path)))
      return [[relative('.', path).split(sep).join('/'), { bytes, type }] as const]
    })
    return { index, assets: new Map(assets) }
  } catch (cause) {
    throw new GovernanceError('INTERNAL', { message: 'The page of the dashboard was not built: npm run build.', cause })
  }
}
