import { describe, expect, it } from 'vitest'
import { CLIENTS, configOf, type Machine } from './client-configs.ts'
import { startCommand } from './start-command.ts'

const LINUX: Machine = { platform: 'linux', home: '/h/ana', appData: undefined, folder: '/project' }
const MAC: Machine = { platform: 'darwin', home: '/u/ana', appData: undefined, folder: '/project' }
const WINDOWS: Machine = {
  platform: 'win32',
  home: 'C:\\u\\ana',
  appData: 'C:\\u\\ana\\AppData\\Roaming',
  folder: 'C:\\project',
}

describe('where an assistant keeps its servers [MCP-21]', () => {
  it.each([
    [LINUX, ['/project/.mcp.json', '/h/ana/.config/Claude/claude_desktop_config.json', '/project/.cursor/mcp.json']],
    [
      MAC,
      [
        '/project/.mcp.json',
        '/u/ana/Library/Application Support/Claude/claude_desktop_config.json',
        '/project/.cursor/mcp.json',
      ],
    ],
    [
      WINDOWS,
      [
        'C:\\project\\.mcp.json',
        'C:\\u\\ana\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
        'C:\\project\\.cursor\\mcp.json',
      ],
    ],
  ])('on $platform', (machine, files) => {
    expect(CLIENTS.slice(0, 3).map((client) => configOf(client, machine).file)).toEqual(files)
    expect(configOf('vscode', machine).file).toMatch(/[\\/]project[\\/]\.vscode[\\/]mcp\.json$/)
  })

  it('is the usual place on Windows where nothing names another', () => {
    expect(configOf('claude-desktop', { ...WINDOWS, appData: undefined }).file).toBe(
      'C:\\u\\ana\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
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
    ['darwin', '/opt/node', '/u/ana/.npm/_npx/1a/bin.js', 'npx', npx],
    ['linux', '/usr/bin/node', '/h/ana/.cache/pnpm/dlx/1a/bin.js', 'npx', npx],
    ['win32', 'C:\\node.exe', 'C:\\cli\\bin.js', 'C:\\node.exe', ['C:\\cli\\bin.js', 'mcp']],
    ['win32', 'C:\\node.exe', 'C:\\npm\\_npx\\1a\\bin.js', 'cmd', ['/c', 'npx', ...npx]],
    ['linux', '/usr/bin/node', '', 'npx', npx],
  ] as const)('on %s with %s and %s', (platform, node, script, command, args) => {
    expect(startCommand({ platform, node, script }, ['mcp'])).toEqual({ command, args })
  })
})
