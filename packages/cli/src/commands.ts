import type { Command } from './command.ts'
import { agentCommands } from './commands/agents.ts'
import { bypassCommands } from './commands/bypasses.ts'
import { databaseApply, databasePlan, databaseStatus } from './commands/database.ts'
import { databaseVerify } from './commands/database-verify.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { journalCheckpoint } from './commands/journal-checkpoint.ts'
import { journalExport } from './commands/journal-export.ts'
import { journalVerify } from './commands/journal-verify.ts'
import { keyCommands } from './commands/keys.ts'
import { mcp } from './commands/mcp.ts'
import { mcpDoctor } from './commands/mcp-doctor.ts'
import { mcpImport } from './commands/mcp-import.ts'
import { mcpInstall } from './commands/mcp-install.ts'
import { mcpProxy } from './commands/mcp-proxy.ts'
import { presenceCommands } from './commands/presence.ts'
import { queueCommands } from './commands/queue.ts'
import { serve } from './commands/serve.ts'
import { sessionCommands } from './commands/sessions.ts'
import { stopCommands } from './commands/stops.ts'
import { watchSession } from './commands/watch-session.ts'
import { worker } from './commands/worker.ts'
import { workspaceCommands } from './commands/workspaces.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  dev,
  serve,
  worker,
  mcp,
  mcpProxy,
  mcpImport,
  mcpInstall,
  mcpDoctor,
  ...agentCommands,
  ...keyCommands,
  ...workspaceCommands,
  ...stopCommands,
  ...bypassCommands,
  ...sessionCommands,
  watchSession,
  ...queueCommands,
  ...presenceCommands,
  journalVerify,
  journalExport,
  journalCheckpoint,
  databaseStatus,
  databasePlan,
  databaseApply,
  databaseVerify,
  doctor,
  explain,
]
