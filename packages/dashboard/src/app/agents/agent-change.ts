import type { Agent, AgentChange } from '@preceptor/client'

/** What the form of an agent holds, as texts. */
export interface AgentForm {
  readonly displayName: string
  readonly category: string
  readonly specialty: string
  readonly ownerId: string
  /** One a line. */
  readonly capabilities: string
}

/** The form of an agent as it is. */
export function formOf({ displayName, category, specialty, ownerId, capabilities }: Agent): AgentForm {
  return {
    displayName,
    category: category ?? '',
    specialty: specialty ?? '',
    ownerId,
    capabilities: capabilities.join('\n'),
  }
}

/** What a form changes; fields that say what is there already are no part of it. */
export function changeOf(agent: Agent, form: AgentForm): AgentChange {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
  const capabilities = [...new Set(form.capabilities.split('\n').map((line) => line.trim()))].filter(Boolean)
  const displayName = form.displayName.trim()
  const ownerId = form.ownerId.trim()
  return {
    ...(displayName === agent.displayName ? {} : { displayName }),
    ...(orNull(form.category) === agent.category ? {} : { category: orNull(form.category) }),
    ...(orNull(form.specialty) === agent.specialty ? {} : { specialty: orNull(form.specialty) }),
    ...(ownerId === agent.ownerId ? {} : { ownerId }),
    ...(capabilities.join('\n') === agent.capabilities.join('\n') ? {} : { capabilities }),
  }
}
