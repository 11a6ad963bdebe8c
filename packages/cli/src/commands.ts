import type { Command } from './command.ts'
import { agentCommands } from './commands/agents.ts'
import { databaseApply, databasePlan, databaseStatus } from './commands/database.ts'
import { databaseVerify } from './commands/database-verify.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { journalExport } from './commands/journal-export.ts'
import { journalVerify } from './commands/journal-verify.ts'
import { keyCommands } from './commands/keys.ts'
import { mcp } from './commands/mcp.ts'
import { serve } from './commands/serve.ts'
import { stopCommands } from './commands/stops.ts'
import { worker } from './commands/worker.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  dev,
  serve,
  worker,
  mcp,
  ...agentCommands,
  ...keyCommands,
  ...stopCommands,
  journalVerify,
  journalExport,
  databaseStatus,
  databasePlan,
  databaseApply,
  databaseVerify,
  doctor,
  explain,
]
