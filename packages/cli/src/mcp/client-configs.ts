import { homedir } from 'node:os'
import { posix, resolve, win32 } from 'node:path'
import { type CommandCall, type Flag, textOf } from '../command.ts'
import type { VariableForm } from './expand-variables.ts'

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
  /** How it writes variables in its file. */
  readonly forms: readonly VariableForm[]
  /** Whether its file may have comments. */
  readonly hasComments: boolean
}

/** The flag that names the folder of the project. */
export const FOLDER_FLAG: Readonly<Record<string, Flag>> = {
  folder: { value: '<folder>', summary: 'folder of the project; default this one' },
}

/** The machine that a command runs on. */
export function machineOf(call: Pick<CommandCall, 'flags' | 'host'>): Machine {
  const { HOME, USERPROFILE, APPDATA } = call.host.env
  const { platform } = process
  const home = (platform === 'win32' ? USERPROFILE : HOME) || homedir()
  return { platform, home, appData: APPDATA || undefined, folder: resolve(textOf(call, 'folder') ?? '.') }
}

/** Where an assistant keeps its servers, and how. */
export function configOf(client: ClientName, machine: Machine): ClientConfig {
  const none = (): readonly object[] => []
  const { join } = pathsOf(machine)
  switch (client) {
    case 'claude-code':
      return {
        file: join(machine.folder, '.mcp.json'),
        key: 'mcpServers',
        secret: (name) => `\${${name}}`,
        inputs: none,
        forms: ['shell'],
        hasComments: false,
      }
    case 'claude-desktop':
      return {
        file: desktopFile(machine),
        key: 'mcpServers',
        secret: null,
        inputs: none,
        forms: [],
        hasComments: false,
      }
    case 'cursor':
      return {
        file: join(machine.folder, '.cursor', 'mcp.json'),
        key: 'mcpServers',
        secret: (name) => `\${env:${name}}`,
        inputs: none,
        forms: ['editor'],
        hasComments: true,
      }
    case 'vscode':
      return {
        file: join(machine.folder, '.vscode', 'mcp.json'),
        key: 'servers',
        secret: (name) => `\${input:${inputId(name)}}`,
        inputs: (name) => [{ id: inputId(name), type: 'promptString', description: name, password: true }],
        forms: ['editor'],
        hasComments: true,
      }
    default:
      return client satisfies never
  }
}

function pathsOf({ platform }: Pick<Machine, 'platform'>): typeof posix {
  return platform === 'win32' ? win32 : posix
}

const inputId = (name: string): string => name.toLowerCase().replaceAll('_', '-')

function desktopFile(machine: Machine): string {
  const { platform, home, appData } = machine
  const { join } = pathsOf(machine)
  const name = 'claude_desktop_config.json'
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Claude', name)
  if (platform === 'win32') return join(appData ?? join(home, 'AppData', 'Roaming'), 'Claude', name)
  return join(home, '.config', 'Claude', name)
}
