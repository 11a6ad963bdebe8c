import type { Command } from './command.ts'
import { agentCommands } from './commands/agents.ts'
import { alertCommands } from './commands/alerts.ts'
import { bypassCommands } from './commands/bypasses.ts'
import { completionOf } from './commands/completion.ts'
import { databaseApply, databasePlan, databaseStatus } from './commands/database.ts'
import { databaseVerify } from './commands/database-verify.ts'
import { demoCommands } from './commands/demo.ts'
import { dev } from './commands/dev.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { explainDecision } from './commands/explain-decision.ts'
import { grantCommands } from './commands/grants.ts'
import { info } from './commands/info.ts'
import { init } from './commands/init.ts'
import { journalCheckpoint } from './commands/journal-checkpoint.ts'
import { journalExport } from './commands/journal-export.ts'
import { journalList } from './commands/journal-list.ts'
import { journalVerify } from './commands/journal-verify.ts'
import { keyCommands } from './commands/keys.ts'
import { mcp } from './commands/mcp.ts'
import { mcpDoctor } from './commands/mcp-doctor.ts'
import { mcpImport } from './commands/mcp-import.ts'
import { mcpInstall } from './commands/mcp-install.ts'
import { mcpProxy } from './commands/mcp-proxy.ts'
import { playbookCommands } from './commands/playbooks.ts'
import { policyCommands } from './commands/policy.ts'
import { presenceCommands } from './commands/presence.ts'
import { proposalCommands } from './commands/proposals.ts'
import { queueCommands } from './commands/queue.ts'
import { serve } from './commands/serve.ts'
import { sessionCommands } from './commands/sessions.ts'
import { simulate } from './commands/simulate.ts'
import { stopCommands } from './commands/stops.ts'
import { trainingCommands } from './commands/training.ts'
import { watchSession } from './commands/watch-session.ts'
import { worker } from './commands/worker.ts'
import { workspaceCommands } from './commands/workspaces.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  init,
  dev,
  ...demoCommands,
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
  ...policyCommands,
  ...proposalCommands,
  simulate,
  explainDecision,
  ...sessionCommands,
  watchSession,
  ...queueCommands,
  ...trainingCommands,
  ...playbookCommands,
  ...grantCommands,
  ...alertCommands,
  ...presenceCommands,
  journalList,
  journalVerify,
  journalExport,
  journalCheckpoint,
  databaseStatus,
  databasePlan,
  databaseApply,
  databaseVerify,
  doctor,
  info,
  explain,
  completionOf(() => COMMANDS),
]
