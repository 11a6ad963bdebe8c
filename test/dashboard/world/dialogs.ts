import type { WorldIds } from './use-world.ts'

/** A dialog, and how a person comes to it. */
export interface WorldDialog {
  /** The file of the app that shows it. */
  readonly file: string
  /** Address of the page that offers it, below the mount. */
  readonly address: string
  /** Names of what is pressed on the way, one after the other. */
  readonly press: readonly (string | RegExp)[]
  /** What is written before, and where. */
  readonly fill?: { readonly label: string; readonly text: string }
  /** Who looks; default: ada, who administers. */
  readonly who?: 'ana'
}

/** Every dialog of the dashboard, on a page that offers it. */
export const dialogsOf = (ids: WorldIds): readonly WorldDialog[] => [
  ...agentDialogs,
  ...inboxDialogs(ids),
  ...trainingDialogs(ids),
  ...learningDialogs(ids),
  ...workflowDialogs(ids),
  ...collaborationDialogs(ids),
  ...liveDialogs(ids),
  ...settingsDialogs(ids),
]

const agentDialogs: readonly WorldDialog[] = [
  { file: 'agents/register-agent.tsx', address: 'agents', press: ['Register an agent'] },
  { file: 'agents/agent-acts.tsx', address: 'agents/support-bot/journey', press: ['Pause'] },
  { file: 'agents/promote-dialog.tsx', address: 'agents/support-bot/journey', press: ['Promote'] },
  { file: 'agents/demote-dialog.tsx', address: 'agents/support-bot/journey', press: ['More…', 'Demote'] },
  { file: 'agents/incidents-panel.tsx', address: 'agents/desk-bot/journey', press: ['Close'] },
  { file: 'agents/incidents-panel.tsx', address: 'agents/support-bot/journey', press: ['Record an incident'] },
  { file: 'agents/suggestions-panel.tsx', address: 'agents/tidy-bot/journey', press: ['Grant this'] },
]

const inboxDialogs = ({ proposals }: WorldIds): readonly WorldDialog[] => [
  { file: 'grant/grant-dialog.tsx', address: `inbox/${proposals.alike[0]}`, press: ['Allow similar calls…'] },
  {
    file: 'inbox/batch-dialog.tsx',
    address: `inbox/batch?select=${encodeURIComponent(JSON.stringify(proposals.alike))}`,
    press: [/^Approve \d/],
  },
  {
    file: 'inbox/batch-dialog.tsx',
    address: `inbox/batch?select=${encodeURIComponent(JSON.stringify(proposals.alike))}`,
    press: [/^Reject \d/],
  },
  { file: 'alerts/mute-dialog.tsx', address: 'alerts', press: [/^Mute/] },
  { file: 'audit/export-dialog.tsx', address: 'audit', press: ['Export'] },
]

const trainingDialogs = ({ training }: WorldIds): readonly WorldDialog[] => [
  { file: 'training/course-acts.tsx', address: `training/proposals/${training.course}`, press: ['Approve'] },
  { file: 'training/course-acts.tsx', address: `training/proposals/${training.course}`, press: ['Reject'] },
  { file: 'training/session-acts.tsx', address: `training/sessions/${training.running}`, press: ['Type a score'] },
  {
    file: 'training/session-acts.tsx',
    address: `training/sessions/${training.running}`,
    press: ['Cancel the session'],
  },
  { file: 'training/import-scenarios.tsx', address: 'training/scenarios', press: ['Import scenarios'] },
  { file: 'training/blocked-page.tsx', address: 'training/blocked?state=all', press: ['Try again'] },
]

const learningDialogs = ({ learning }: WorldIds): readonly WorldDialog[] => [
  { file: 'learning/import-dialog.tsx', address: 'learning/examples', press: ['Import examples'] },
  { file: 'learning/write-dialog.tsx', address: 'learning/playbooks', press: ['Write a version'] },
  { file: 'learning/train-dialog.tsx', address: 'learning/sessions', press: ['Train a type'] },
  { file: 'learning/deploy-dialog.tsx', address: `learning/playbooks/${learning.playbook}`, press: [/^Deploy/] },
  { file: 'learning/deployments.tsx', address: `learning/playbooks/${learning.playbook}`, press: [/^Roll back/] },
  { file: 'learning/experiments-page.tsx', address: 'learning/experiments', press: [/^Stop/] },
]

const workflowDialogs = ({ orchestration: { workflow, runs } }: WorldIds): readonly WorldDialog[] => [
  { file: 'workflows/execute-dialog.tsx', address: `workflows/${workflow}`, press: ['Execute'] },
  { file: 'workflows/workflow-page.tsx', address: `workflows/${workflow}`, press: ['Archive'] },
  { file: 'workflows/schedules.tsx', address: `workflows/${workflow}`, press: ['New schedule'] },
  { file: 'workflows/schedules.tsx', address: `workflows/${workflow}`, press: [/^Remove/] },
  { file: 'workflows/run-actions.tsx', address: `workflows/runs/${runs.waiting}`, press: ['Cancel the run'] },
  { file: 'workflows/run-actions.tsx', address: `workflows/runs/${runs.failed}`, press: ['Replay from the failure'] },
  { file: 'workflows/resolve-dialog.tsx', address: `workflows/runs/${runs.unknown}`, press: ['Say how it ended'] },
  { file: 'workflows/editor/save-dialog.tsx', address: `workflows/${workflow}/edit`, press: ['Save'] },
]

const collaborationDialogs = ({ orchestration: { vote, delegated } }: WorldIds): readonly WorldDialog[] => [
  { file: 'collaboration/new-dialog.tsx', address: 'collab', press: ['New collaboration'] },
  { file: 'collaboration/open-vote-dialog.tsx', address: `collab/${vote}`, press: ['Open a vote'] },
  { file: 'collaboration/delegate-dialog.tsx', address: `collab/${vote}`, press: ['Delegate'] },
  { file: 'collaboration/shared-context.tsx', address: `collab/${vote}`, press: ['Change'] },
  { file: 'collaboration/session-actions.tsx', address: `collab/${vote}`, press: ['Cancel'] },
  { file: 'collaboration/delegations.tsx', address: `collab/${delegated}`, press: ['Complete'], who: 'ana' },
  { file: 'collaboration/delegations.tsx', address: `collab/${delegated}`, press: ['Give to another'] },
]

const liveDialogs = ({ supervision: { running, paused, completed, starting } }: WorldIds): readonly WorldDialog[] => [
  { file: 'live/acts/correct-dialog.tsx', address: `live/${paused}`, press: [/^Correct/], who: 'ana' },
  { file: 'live/acts/terminate-dialog.tsx', address: `live/${running}`, press: [/^Terminate/], who: 'ana' },
  { file: 'live/acts/hand-over-dialog.tsx', address: `live/${running}`, press: ['Hand over'], who: 'ana' },
  { file: 'live/acts/rate-dialog.tsx', address: `live/${running}`, press: ['Complete and rate'], who: 'ana' },
  { file: 'live/acts/stop-agent-dialog.tsx', address: `live/${running}`, press: ['Stop the agent'], who: 'ana' },
  { file: 'live/acts/take-over-dialog.tsx', address: `live/${running}`, press: ['Take over'] },
  { file: 'live/acts/object-dialog.tsx', address: `live/${paused}`, press: ['Object'], who: 'ana' },
  { file: 'live/board/pause-all-dialog.tsx', address: 'live', press: [/^Pause all/], who: 'ana' },
  { file: 'live/board/queue-dialogs.tsx', address: 'live', press: [/^Cancel refund\.create/], who: 'ana' },
  {
    file: 'live/availability/availability-dialog.tsx',
    address: `live/${completed}`,
    press: [/^Availability/],
    who: 'ana',
  },
  { file: 'live/acts/stop-agent-dialog.tsx', address: `live/${starting}`, press: ['Stop the agent'], who: 'ana' },
]

const settingsDialogs = ({ administration }: WorldIds): readonly WorldDialog[] => [
  {
    file: 'settings/policy-editor.tsx',
    address: 'settings/policies?edit=true',
    fill: { label: 'Policy document (JSON)', text: '{}' },
    press: ['Save…'],
  },
  { file: 'settings/enforce-dialog.tsx', address: 'settings/shadow', press: [/^Enforce…/] },
  { file: 'settings/grant-dialog.tsx', address: 'settings/grants', press: ['New grant'] },
  { file: 'settings/grant-section.tsx', address: 'settings/grants', press: [/^Revoke/] },
  { file: 'settings/stop-panel.tsx', address: 'settings/stops', press: ['Set a stop'] },
  { file: 'settings/bypass-panel.tsx', address: 'settings/stops', press: ['Set a bypass'] },
  { file: 'settings/alert-rule-dialog.tsx', address: 'settings/alerts', press: [/^Change/] },
  { file: 'settings/member-dialog.tsx', address: 'settings/members', press: ['Add a member'] },
  { file: 'settings/member-section.tsx', address: 'settings/members', press: [/^Remove/] },
  { file: 'settings/presence-cell.tsx', address: 'settings/members', press: [/^Set presence/] },
  { file: 'settings/escalation-dialog.tsx', address: 'settings/escalations', press: ['New escalation'] },
  { file: 'settings/escalation-section.tsx', address: 'settings/escalations', press: [/^Remove/] },
  { file: 'settings/reviewer-section.tsx', address: 'settings/reviewers', press: [/^(?:Resume|Suspend)/] },
  { file: 'settings/webhook-dialog.tsx', address: 'settings/notifications', press: ['New webhook'] },
  { file: 'settings/webhook-section.tsx', address: 'settings/notifications', press: [/^Remove/] },
  {
    file: 'settings/webhook-deliveries.tsx',
    address: `settings/notifications?webhook=${administration.taken}`,
    press: [/^Send again/],
  },
  { file: 'settings/key-dialog.tsx', address: 'settings/keys', press: ['New key'] },
  { file: 'settings/key-section.tsx', address: 'settings/keys', press: [/^Revoke/] },
  { file: 'settings/key-rotation-dialog.tsx', address: 'settings/keys', press: [/^Rotate/] },
]
