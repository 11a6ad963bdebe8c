import {
  type ChannelDesk,
  GovernanceError,
  type HostPlane,
  type HostScope,
  type RejectionCategory,
  visibleText,
} from '@preceptor/client'
import { maySettle } from '../decide-up-to.ts'
import { outcomeText } from '../request-text.ts'
import { type ButtonTarget, readButtonValue } from './button-value.ts'
import type { Click, Submission } from './interaction.ts'
import { rejectionView } from './rejection-view.ts'
import { BUTTONS } from './request-blocks.ts'
import { type SlackPorts, showRequest } from './show-request.ts'

/** What answering Slack stands on. */
export interface InteractionPorts extends SlackPorts {
  readonly governor: HostPlane
}

/** Somebody who may be let to decide, and on what. */
interface Asked {
  readonly outcome: 'asked'
  readonly scope: HostScope
  readonly desk: ChannelDesk
  readonly target: ButtonTarget
}

/** Nothing was decided; only who asked is told why. */
interface Refused {
  readonly outcome: 'refused'
  readonly message: string
}

const refuse = (message: string): Refused => ({ outcome: 'refused', message })

const UNKNOWN = 'Your Slack account is not that of a member of this workspace. Nothing was decided.'
const ALTERED = 'This button is not as it was made. Nothing was decided.'

/**
 * Finds out who clicked and on what, and whether that can be decided in Slack at all: the account by the list of the host,
 * its roles by the database as it is now, the button by its signature, the risk by what is stored.
 */
async function admit(
  { governor, settings }: InteractionPorts,
  from: Pick<Click, 'account' | 'team' | 'place'>,
  value: string | undefined,
): Promise<Asked | Refused> {
  const { users, team, workspace, signingSecret, decideUpTo, name } = settings
  if (team !== undefined && from.team !== team) return refuse(UNKNOWN)
  const user = Object.hasOwn(users, from.account) ? users[from.account] : undefined
  if (user === undefined) return refuse(UNKNOWN)
  const target = value === undefined ? undefined : readButtonValue(value, signingSecret)
  if (target === undefined || target.workspace !== workspace) return refuse(ALTERED)
  const credential = `slack:${from.team ?? 'T'}/${from.account}`
  const identity = await governor.channels.identify({ workspace, user, credential })
  if (identity === undefined) return refuse(UNKNOWN)
  const desk = governor.channels.desk(workspace)
  const kept = await desk.findMessage({ channel: name, subject: target.proposal, part: 'request' })
  if (kept === undefined || (from.place !== undefined && from.place !== kept.place)) return refuse(ALTERED)
  const { proposal } = await desk.card(target.proposal)
  const outcome = outcomeText(proposal)
  if (outcome !== undefined) return refuse(`Nothing was decided by this click: this is over already. ${outcome}`)
  if (proposal.version !== target.version || proposal.actionHash !== target.actionHash) {
    return refuse(`What is asked for has changed: it is version ${proposal.version} now. Nothing was decided.`)
  }
  if (!maySettle(decideUpTo, proposal.risk)) {
    return refuse(`What is of ${proposal.risk} risk is decided in the dashboard. Nothing was decided.`)
  }
  return { outcome: 'asked', scope: governor.as(identity), desk, target }
}

/** What a click came to: a text for who clicked, if there is one. */
export async function settleClick(ports: InteractionPorts, click: Click): Promise<string | undefined> {
  const asked = await admit(ports, click, click.value)
  if (asked.outcome === 'refused') return refresh(ports, click.value, asked.message)
  const { scope, target } = asked
  const reviewed = { version: target.version, actionHash: target.actionHash }
  if (click.action === BUTTONS.reject) {
    const may = (await scope.proposals.card(target.proposal)).mayDecide
    if (!may.allowed) return `Nothing was decided. ${may.reason ?? ''}`
    const metadata = JSON.stringify({ value: click.value, place: click.place })
    const view = rejectionView(metadata, target.version)
    await ports.api.call('views.open', { trigger_id: click.trigger, view })
    return undefined
  }
  const refusal = await attempt(() => scope.proposals.approve(target.proposal, reviewed))
  return refresh(ports, click.value, refusal)
}

/** What a form came to: undefined when it was taken, else why not. */
export async function settleRejection(
  ports: InteractionPorts,
  { account, team, place, value, why }: RejectionSent,
): Promise<string | undefined> {
  const asked = await admit(ports, { account, team, place }, value)
  if (asked.outcome === 'refused') return refresh(ports, value, asked.message)
  const { scope, target } = asked
  const rejection = { version: target.version, actionHash: target.actionHash, ...why }
  const refusal = await attempt(() => scope.proposals.reject(target.proposal, rejection))
  return refresh(ports, value, refusal)
}

/** A rejection as it was sent in. */
export interface RejectionSent extends Pick<Submission, 'account' | 'team'> {
  readonly place: string | undefined
  readonly value: string | undefined
  readonly why: { readonly category: RejectionCategory; readonly reason: string }
}

async function attempt(decide: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await decide()
    return undefined
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.status >= 500) throw error
    return visibleText(`Nothing was decided by this click. ${error.message}`)
  }
}

/** Whatever it came to: the message shows what is so now. That it cannot be changed at once is made good by its delivery. */
async function refresh<Said extends string | undefined>(
  ports: InteractionPorts,
  value: string | undefined,
  said: Said,
): Promise<Said> {
  const { governor, settings } = ports
  const target = value === undefined ? undefined : readButtonValue(value, settings.signingSecret)
  if (target === undefined || target.workspace !== settings.workspace) return said
  await showRequest(ports, governor.channels.desk(settings.workspace), { proposal: target.proposal }).catch(
    () => undefined,
  )
  return said
}
