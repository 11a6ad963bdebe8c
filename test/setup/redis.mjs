import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installDebianPackage } from './debian.mjs'
import { answers, findInPath, freePort, spawnServer, waitUntil } from './processes.mjs'

async function binary(install, progress) {
  const installed = findInPath('redis-server')
  if (installed !== undefined) return installed
  if (!install) throw new Error('redis-server is not installed')
  await installDebianPackage('redis-server', progress)
  return findInPath('redis-server') ?? '/usr/bin/redis-server'
}

/**
 * Starts Redis on 127.0.0.1 in a temporary folder, keeping nothing on disk. The port is free by default; give the port of
 * a killed server to bring it back.
 * @param {import('./services.mjs').StartOptions & { port?: number }} [options]
 * @returns {Promise<import('./services.mjs').StartedServer>}
 */
export async function startRedis({ port, progress, install = true } = {}) {
  const server = await binary(install, progress)
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-redis-'))
  progress?.(`starting Redis from ${server}`)
  const chosen = port ?? (await freePort())
  const settings = {
    bind: '127.0.0.1',
    port: chosen,
    dir: folder,
    save: '',
    appendonly: 'no',
    databases: 1024,
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { child, stop, kill } = spawnServer(server, args, {
    folder,
    gentle: 'SIGTERM',
    quick: 'SIGKILL',
    stdio: 'ignore',
  })
  try {
    await waitUntil(() => answers(chosen, 'PING\r\n'), { child, milliseconds: 20_000, what: 'Redis' })
  } catch (error) {
    await kill()
    throw error
  }
  return { url: `redis://127.0.0.1:${chosen}`, pid: child.pid, stop, kill }
}
