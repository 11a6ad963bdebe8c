import type { Agent } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceButton } from '../ui/choice-button.tsx'
import { AGENT_ACTS } from './agents-messages.ts'
import { DemoteDialog } from './demote-dialog.tsx'
import { levelAbove } from './journey-model.ts'
import { PromoteDialog } from './promote-dialog.tsx'
import { useAgentChange } from './use-agent-change.ts'

/** What can be done to an agent as a whole. */
export type AgentAct = 'pause' | 'resume' | 'stop' | 'retire' | 'promote' | 'demote' | 'attest'

const LABELS = {
  pause: 'freeze',
  resume: 'resume',
  stop: 'stop',
  retire: 'retire',
  promote: 'promote',
  demote: 'demote',
  attest: 'attest',
} as const

/** What the signed-in person may do to an agent as it is. */
function offeredActs(
  { lifecycle, maturity, fingerprintCapped }: Agent,
  powers: { readonly supervises: boolean; readonly administers: boolean },
): readonly AgentAct[] {
  if (!powers.supervises || lifecycle === 'retired') return []
  const isAdmin = powers.administers
  const offered: readonly (readonly [act: AgentAct, isOffered: boolean])[] = [
    ['resume', isAdmin && lifecycle !== 'active'],
    ['pause', lifecycle === 'active'],
    ['attest', isAdmin && fingerprintCapped],
    ['promote', isAdmin && levelAbove(maturity) !== undefined],
    ['demote', maturity !== 'student'],
    ['stop', lifecycle !== 'stopped'],
    ['retire', isAdmin],
  ]
  return offered.flatMap(([act, isOffered]) => (isOffered ? [act] : []))
}

const FIRST: ReadonlySet<AgentAct> = new Set(['resume', 'pause', 'attest', 'promote'])

/** The acts: the usual ones as buttons, the rest in a menu. */
export function AgentActs({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENT_ACTS)
  const offered = offeredActs(agent, usePowers())
  const [open, setOpen] = useState<AgentAct | null>(null)
  const rest = offered.filter((act) => !FIRST.has(act))
  return (
    <>
      {offered
        .filter((act) => FIRST.has(act))
        .map((act) => (
          <Button key={act} onClick={() => setOpen(act)}>
            {t(LABELS[act])}
          </Button>
        ))}
      {rest.length === 0 ? null : (
        <ChoiceButton
          label={t('more')}
          choices={rest.map((act) => [act, t(LABELS[act])] as const)}
          onChoose={setOpen}
        />
      )}
      <ActDialog act={open} agent={agent} onClose={() => setOpen(null)} />
    </>
  )
}

interface ActDialogProps {
  readonly act: AgentAct | null
  readonly agent: Agent
  readonly onClose: () => void
}

function ActDialog({ act, agent, onClose }: ActDialogProps): ReactNode {
  if (act === null) return null
  if (act === 'promote') return <PromoteDialog agent={agent} onClose={onClose} />
  if (act === 'demote') return <DemoteDialog agent={agent} onClose={onClose} />
  return <PlainDialog act={act} agent={agent} onClose={onClose} />
}

type PlainAct = Exclude<AgentAct, 'promote' | 'demote'>

const DONE = {
  pause: 'donePause',
  resume: 'doneResume',
  stop: 'doneStop',
  retire: 'doneRetire',
  attest: 'doneAttest',
} as const
const DANGEROUS: ReadonlySet<AgentAct> = new Set(['stop', 'retire'])

function PlainDialog({ act, agent, onClose }: ActDialogProps & { readonly act: PlainAct }): ReactNode {
  const t = useText(AGENT_ACTS)
  const change = useAgentChange(agent.id, onClose)
  const { scope } = useSignedIn()
  const doing = useAct<string, Agent>({
    does: (reason) => scope.agents[act](agent.id, reason),
    says: ({ id }) => t(DONE[act], { agent: id }),
    onDone: change,
  })
  return (
    <AskDialog
      title={t(`${act}Title`, { agent: agent.id })}
      description={t(`${act}Text`)}
      confirm={{ label: t(LABELS[act]), kind: DANGEROUS.has(act) ? 'danger' : 'primary' }}
      asksReason
      isBusy={doing.isBusy}
      error={doing.error}
      onConfirm={doing.run}
      onClose={onClose}
    />
  )
}
