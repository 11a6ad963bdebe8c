import { installDebianPackage } from './debian.mjs'
import { findInPath } from './processes.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const installed = () => NAMES.map(findInPath).find((path) => path !== undefined)

/**
 * Finds a Chromium, or installs Debian's. Tests start it themselves, each in a folder of its own.
 * @param {import('./services.mjs').StartOptions} [options]
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `url`: the path of the program
 */
export async function findChromium({ progress, install = true } = {}) {
  const found = installed()
  const stop = async () => {}
  if (found !== undefined) return { url: found, stop }
  if (!install) throw new Error('chromium is not installed')
  await installDebianPackage('chromium', progress)
  return { url: installed() ?? '/usr/bin/chromium', stop }
}
