import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PNPM } from '@preceptor/test-setup'
import type { TestContext } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** An empty home, and of this process's environment only how npm gets at packages. */
export async function npmEnvironment(home: string): Promise<NodeJS.ProcessEnv> {
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(?:https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
  )
  const ask = async (key: string): Promise<string> => (await run('npm', ['config', 'get', key])).stdout.trim()
  return {
    ...Object.fromEntries(passed),
    PATH: process.env.PATH,
    HOME: home,
    npm_config_cache: await ask('cache'),
    npm_config_registry: await ask('registry'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  }
}

/** Packs every package as it is published, into a folder; gives the tarballs. */
export async function packPackages(folder: string): Promise<readonly string[]> {
  mkdirSync(folder)
  await run('npx', ['--yes', PNPM, '--filter', './packages/*', 'pack', '--pack-destination', folder], { cwd: ROOT })
  return readdirSync(folder).map((name) => join(folder, name))
}

/** Skips a test whose installation failed because there is no way to the packages of others; else throws what it got. */
export function skipWithoutNetwork(error: unknown, context: TestContext): never {
  const text = error instanceof Error ? error.message : String(error)
  const isUnreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(text)
  if (!isUnreachable || process.env.CI === 'true') throw error
  return context.skip('the packages that these depend on cannot be had: there is no network')
}

/** A registry of packed packages. */
export interface Registry {
  /** What npm is told as the registry of their scope. */
  readonly url: string
  close(): Promise<void>
}

/** Serves tarballs as a registry of npm does, so that commands install them by their names. */
export async function startRegistry(tarballs: readonly string[]): Promise<Registry> {
  const manifests = await Promise.all(tarballs.map(manifestOf))
  const server = createServer(({ url = '/' }, response) => {
    const asked = decodeURIComponent(url).slice(1)
    const file = tarballs.find((path) => basename(path) === asked)
    if (file !== undefined) return void response.writeHead(200).end(readFileSync(file))
    const found = manifests.find(({ name }) => name === asked)
    answer(response, found === undefined ? null : describe(found, address()))
  })
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: address(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Packed {
  readonly name: string
  readonly version: string
  readonly manifest: object
  readonly file: string
}

async function manifestOf(file: string): Promise<Packed> {
  const { stdout } = await run('tar', ['-xzOf', file, 'package/package.json'])
  const manifest = JSON.parse(stdout)
  return { name: manifest.name, version: manifest.version, manifest, file }
}

function describe({ name, version, manifest, file }: Packed, address: string): object {
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
  const dist = { tarball: `${address}${basename(file)}`, integrity }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
}

function answer(response: ServerResponse, found: object | null): void {
  response.writeHead(found === null ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(found ?? { error: 'not found' }))
}
