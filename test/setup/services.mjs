import { findChromium } from './chromium.mjs'
import { startPostgres } from './postgres.mjs'
import { freePort } from './processes.mjs'
import { startRedis } from './redis.mjs'

export { freePort, startPostgres, startRedis }

/**
 * A server that was started for tests.
 * @typedef {object} StartedServer
 * @property {string} url address for clients on this machine, with user and password where the server has them
 * @property {number} pid process id of the server
 * @property {() => Promise<void>} stop stops the server and removes its folder
 * @property {() => Promise<void>} kill stops the server without a goodbye and removes its folder
 */

/**
 * What every server is started with.
 * @typedef {object} StartOptions
 * @property {(line: string) => void} [progress] takes a line about each longer step
 * @property {boolean} [install] whether Debian's package may be installed when the server is not there; true by default
 */

/**
 * The services of a test run.
 * @typedef {object} Services
 * @property {string | undefined} databaseUrl address of Postgres, as a superuser; absent when it cannot be had
 * @property {string | undefined} chromium path of a Chromium; absent when it cannot be had
 * @property {string | undefined} redisUrl address of Redis; absent when it cannot be had
 * @property {{ service: string, reason: string }[]} missing what cannot be had, and why
 * @property {() => Promise<void>} stop stops what was started here
 */

/**
 * Takes Postgres, Redis and Chromium from `DATABASE_URL`, `REDIS_URL` and `CHROMIUM`, or starts or finds them.
 * @param {StartOptions & { browser?: boolean }} [options] `browser`: whether Chromium is wanted; false by default
 * @returns {Promise<Services>}
 */
export async function provideServices({ progress, install = false, browser = false } = {}) {
  const started = []
  const missing = []
  const provide = async (service, given, start) => {
    if (given) return given
    try {
      const server = await start({ progress, install })
      started.push(server)
      return server.url
    } catch (error) {
      missing.push({ service, reason: error.message })
      return undefined
    }
  }
  const databaseUrl = await provide('postgres', process.env.DATABASE_URL, startPostgres)
  const redisUrl = await provide('redis', process.env.REDIS_URL, startRedis)
  const chromium = browser ? await provide('chromium', process.env.CHROMIUM, findChromium) : undefined
  return {
    databaseUrl,
    redisUrl,
    chromium,
    missing,
    stop: async () => {
      await Promise.all(started.map((server) => server.stop()))
    },
  }
}
