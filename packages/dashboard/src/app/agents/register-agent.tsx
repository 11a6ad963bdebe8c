import { type Agent, type AgentRegistration, MATURITIES, type Maturity } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { AGENTS } from './agents-messages.ts'

const ID = /^[A-Za-z0-9._-]{1,128}$/

/** Registers an agent, and opens its page. */
export function RegisterAgent({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(AGENTS)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [displayName, setName] = useState('')
  const [category, setCategory] = useState('')
  const [ownerId, setOwner] = useState('')
  const [maturity, setMaturity] = useState<Maturity | ''>('')
  const register = useAct<AgentRegistration, Agent>({
    does: (registration) => scope.agents.register(registration),
    says: (agent) => t('registered', { agent: agent.id }),
    onDone: (agent) => {
      void client.invalidateQueries({ queryKey: ['agents'] })
      void navigate({ to: '/agents/$agentId/journey', params: { agentId: agent.id } })
    },
  })
  const part = (name: 'displayName' | 'category' | 'ownerId', value: string): Partial<AgentRegistration> =>
    value.trim() === '' ? {} : { [name]: value.trim() }
  return (
    <AskDialog
      title={t('register')}
      description={t('registerText')}
      confirm={{ label: t('registerDo') }}
      isReady={ID.test(id)}
      isBusy={register.isBusy}
      error={register.error}
      onClose={onClose}
      onConfirm={() =>
        register.run({
          id,
          ...part('displayName', displayName),
          ...part('category', category),
          ...part('ownerId', ownerId),
          ...(maturity === '' ? {} : { maturity }),
        })
      }
    >
      <TextField
        label={t('id')}
        hint={t('idHint')}
        value={id}
        onChange={setId}
        isRequired
        isCode
        problem={id === '' || ID.test(id) ? undefined : t('idProblem')}
      />
      <TextField label={t('displayName')} value={displayName} onChange={setName} />
      <TextField label={t('category')} hint={t('categoryHint')} value={category} onChange={setCategory} />
      <TextField label={t('ownerId')} hint={t('ownerHint')} value={ownerId} onChange={setOwner} />
      <SelectField
        label={t('startLevel')}
        value={maturity}
        options={[['', t('startUsual')], ...MATURITIES.map((level) => [level, t(level)] as const)]}
        onChange={setMaturity}
      />
    </AskDialog>
  )
}
