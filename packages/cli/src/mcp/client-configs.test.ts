import { describe, expect, it } from 'vitest'
import { CLIENTS, configOf, type Machine } from './client-configs.ts'
import { startCommand } from './start-command.ts'

const LINUX: Machine = { platform: 'linux', home: '/home/ana', appData: undefined, folder: '/work' }
const MAC: Machine = { platform: 'darwin', home: '/Users/ana', appData: undefined, folder: '/work' }
const WINDOWS: Machine = {
  platform: 'win32',
  home: 'C:\\Users\\ana',
  appData: 'C:\\Users\\ana\\AppData\\Roaming',
  folder: 'C:\\work',
}

describe('where an assistant keeps its servers [MCP-21]', () => {
  it.each([
    [LINUX, ['/work/.mcp.json', '/home/ana/.config/Claude/claude_desktop_config.json', '/work/.cursor/mcp.json']],
    [
      MAC,
      [
        '/work/.mcp.json',
        '/Users/ana/Library/Application Support/Claude/claude_desktop_config.json',
        '/work/.cursor/mcp.json',
      ],
    ],
    [
      WINDOWS,
      [
        'C:\\work\\.mcp.json',
        'C:\\Users\\ana\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
        'C:\\work\\.cursor\\mcp.json',
      ],
    ],
  ])('on $platform', (machine, files) => {
    expect(CLIENTS.slice(0, 3).map((client) => configOf(client, machine).file)).toEqual(files)
    expect(configOf('vscode', machine).file).toMatch(/[\\/]work[\\/]\.vscode[\\/]mcp\.json$/)
  })

  it('is the usual place on Windows where nothing names another', () => {
    expect(configOf('claude-desktop', { ...WINDOWS, appData: undefined }).file).toBe(
      'C:\\Users\\ana\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    )
  })

  it('has a reference in the place of a key, where it knows one', () => {
    const references = CLIENTS.map((client) => configOf(client, LINUX).secret?.('PRECEPTOR_TOKEN'))
    expect(references).toEqual([
      `\${PRECEPTOR_TOKEN}`,
      undefined,
      `\${env:PRECEPTOR_TOKEN}`,
      `\${input:preceptor-token}`,
    ])
    expect(configOf('vscode', LINUX).inputs('PRECEPTOR_TOKEN')).toEqual([
      { id: 'preceptor-token', type: 'promptString', description: 'PRECEPTOR_TOKEN', password: true },
    ])
  })
})

describe('how an assistant starts this program [MCP-21]', () => {
  const npx = ['-y', '@preceptor/cli', 'mcp']
  it.each([
    ['linux', '/usr/bin/node', '/opt/cli/bin.js', '/usr/bin/node', ['/opt/cli/bin.js', 'mcp']],
    ['darwin', '/opt/node', '/Users/ana/.npm/_npx/1a/bin.js', 'npx', npx],
    ['linux', '/usr/bin/node', '/home/ana/.cache/pnpm/dlx/1a/bin.js', 'npx', npx],
    ['win32', 'C:\\node.exe', 'C:\\cli\\bin.js', 'C:\\node.exe', ['C:\\cli\\bin.js', 'mcp']],
    ['win32', 'C:\\node.exe', 'C:\\npm\\_npx\\1a\\bin.js', 'cmd', ['/c', 'npx', ...npx]],
    ['linux', '/usr/bin/node', '', 'npx', npx],
  ] as const)('on %s with %s and %s', (platform, node, script, command, args) => {
    expect(startCommand({ platform, node, script }, ['mcp'])).toEqual({ command, args })
  })
})
