import { join } from 'node:path'

/** The assistants whose configuration can be written. */
export const CLIENTS = ['claude-code', 'claude-desktop', 'cursor', 'vscode'] as const
/** One of them. */
export type ClientName = (typeof CLIENTS)[number]

/** Where configuration is kept on this machine. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  /** `APPDATA` of Windows. */
  readonly appData: string | undefined
  /** Folder of the project. */
  readonly folder: string
}

/** How an assistant keeps its servers. */
export interface ClientConfig {
  readonly file: string
  /** Under which key its servers are. */
  readonly key: 'mcpServers' | 'servers'
  /** How it is told to take a value from its environment, or to ask for it; null where it can do neither. */
  readonly secret: ((name: string) => string) | null
  /** What else must stand in the file for that. */
  readonly inputs: (name: string) => readonly object[]
}

/** Where an assistant keeps its servers, and how. */
export function configOf(client: ClientName, machine: Machine): ClientConfig {
  const none = (): readonly object[] => []
  switch (client) {
    case 'claude-code':
      return {
        file: join(machine.folder, '.mcp.json'),
        key: 'mcpServers',
        secret: (name) => `\${${name}}`,
        inputs: none,
      }
    case 'claude-desktop':
      return { file: desktopFile(machine), key: 'mcpServers', secret: null, inputs: none }
    case 'cursor':
      return {
        file: join(machine.folder, '.cursor', 'mcp.json'),
        key: 'mcpServers',
        secret: (name) => `\${env:${name}}`,
        inputs: none,
      }
    case 'vscode':
      return {
        file: join(machine.folder, '.vscode', 'mcp.json'),
        key: 'servers',
        secret: (name) => `\${input:${inputId(name)}}`,
        inputs: (name) => [{ id: inputId(name), type: 'promptString', description: name, password: true }],
      }
    default:
      return client satisfies never
  }
}

const inputId = (name: string): string => name.toLowerCase().replaceAll('_', '-')

function desktopFile({ platform, home, appData }: Machine): string {
  const name = 'claude_desktop_config.json'
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Claude', name)
  if (platform === 'win32') return join(appData ?? join(home, 'AppData', 'Roaming'), 'Claude', name)
  return join(home, '.config', 'Claude', name)
}
